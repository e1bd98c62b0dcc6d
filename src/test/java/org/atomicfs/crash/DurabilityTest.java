package org.atomicfs.crash;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is forced, in which order, and what is said when that fails. */
class DurabilityTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void old() throws IOException {
        file = Files.writeString(directory.resolve("file"), "old");
    }

    /** Writes with each operation noted as {@code FORCE file.tmp}. */
    private List<String> operations(OpenOption... options) throws IOException {
        List<String> seen = new ArrayList<>();
        Path noted = AtomicFiles.atomic(ObservedFileSystem.over(file, (operation, path) -> {
            if (operation != Operation.OPEN && operation != Operation.CLOSE) {
                String name = path.getFileName().toString();
                seen.add(operation + " "
                        + (path.equals(directory) ? "directory" : name.replaceAll("~?[0-9a-f]{24}", "#")));
            }
        }));
        try (OutputStream out = Files.newOutputStream(noted, options)) {
            out.write('n');
        }
        assertEquals("n", Files.readString(file));
        return seen;
    }

    @Test
    void each_durability_forces_what_it_says_in_that_order() throws IOException {
        List<String> before = List.of("CREATE .file#.tmp", "LINK file.tmp", "WRITE file.tmp");
        List<String> after = List.of("MOVE file", "DELETE .file#.tmp");
        assertEquals(joined(before, List.of(), after, List.of()), operations(Durability.NONE));
        assertEquals(joined(before, List.of("FORCE .file#.tmp"), after, List.of()), operations(Durability.DATA));
        assertEquals(
                joined(before, List.of("FORCE .file#.tmp"), after, List.of("FORCE directory")),
                operations(Durability.FULL));
    }

    @Test
    void a_unique_temporary_has_one_name_and_a_new_file_is_linked() throws IOException {
        assertEquals(
                List.of("CREATE .file.#.tmp", "WRITE .file.#.tmp", "MOVE file"),
                operations(Durability.NONE, TemporaryName.UNIQUE));
        Files.delete(file);
        assertEquals(
                List.of(
                        "CREATE .file#.tmp",
                        "LINK file.tmp",
                        "WRITE file.tmp",
                        "FORCE .file#.tmp",
                        "LINK file",
                        "DELETE file.tmp",
                        "DELETE .file#.tmp",
                        "FORCE directory"),
                operations(Durability.FULL, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    private static List<String> joined(
            List<String> before, List<String> forced, List<String> after, List<String> last) {
        return Stream.of(before, forced, after, last).flatMap(List::stream).toList();
    }

    /** The write fails at one operation, always; returns what {@code close()} throws, and how often that was tried. */
    private record Outage(AtomicCommitException thrown, int tries) {}

    private Outage failing(Operation failing, String name, OpenOption... options) throws IOException {
        int[] tries = {0};
        Path faulty = AtomicFiles.atomic(ObservedFileSystem.over(file, (operation, path) -> {
            if (operation == failing && path.getFileName().toString().matches(name)) {
                tries[0]++;
                throw new IOException("injected");
            }
        }));
        OutputStream out = Files.newOutputStream(faulty, options);
        out.write('n');
        return new Outage(assertThrows(AtomicCommitException.class, out::close), tries[0]);
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA", "FULL"})
    void a_failed_force_is_not_tried_again(Durability durability) throws IOException {
        Outage outage = failing(Operation.FORCE, "\\.file.*", durability);
        assertEquals(1, outage.tries());
        assertEquals(Outcome.NOT_COMMITTED, outage.thrown().outcome());
        assertEquals("injected", outage.thrown().getCause().getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("file"), names(directory));
    }

    @Test
    void a_directory_that_cannot_be_forced_leaves_the_file_visible_and_says_so() throws IOException {
        Outage outage = failing(Operation.FORCE, directory.getFileName().toString(), Durability.FULL);
        assertEquals(1, outage.tries());
        assertEquals(Outcome.VISIBLE_NOT_DURABLE, outage.thrown().outcome());
        assertEquals("injected", outage.thrown().getCause().getMessage());
        assertEquals("n", Files.readString(file));
        assertEquals(List.of("file"), names(directory));
    }

    @Test
    void a_directory_that_cannot_be_opened_is_not_forced_where_that_is_usual() throws IOException {
        // not the default file system, of which it is known that it opens directories
        List<String> opened = new ArrayList<>();
        Path odd = AtomicFiles.atomic(ObservedFileSystem.over(file, (operation, path) -> {
            if (operation == Operation.OPEN && path.equals(directory)) {
                opened.add("directory");
                throw new AccessDeniedException(path.toString());
            }
        }));
        Files.write(odd, new byte[] {'n'}, StandardOpenOption.CREATE, StandardOpenOption.WRITE, Durability.FULL);
        assertEquals(List.of("directory"), opened);
        assertEquals("nld".substring(0, 1), Files.readString(file).substring(0, 1));
    }

    @Test
    void a_rename_that_fails_leaves_the_old_file() throws IOException {
        Outage outage = failing(Operation.MOVE, "file");
        assertEquals(Outcome.NOT_COMMITTED, outage.thrown().outcome());
        assertEquals(1, outage.tries());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("file"), names(directory));
    }

    @Test
    void a_hidden_name_that_stays_does_not_make_the_write_fail() throws IOException {
        Path faulty = AtomicFiles.atomic(ObservedFileSystem.over(file, (operation, path) -> {
            if (operation == Operation.DELETE) {
                throw new IOException("injected");
            }
        }));
        Files.writeString(faulty, "new");
        assertEquals("new", Files.readString(file));
        assertEquals(2, names(directory).size());
        Files.writeString(AtomicFiles.atomic(file), "newer"); // the next writer removes it
        assertEquals("newer", Files.readString(file));
        assertEquals(List.of("file"), names(directory));
    }

    /** As FAT answers: with EPERM. */
    @Test
    void without_links_files_are_written_but_nothing_proves_whose_a_temporary_is() throws IOException {
        Path linkless = AtomicFiles.atomic(ObservedFileSystem.over(file, (operation, path) -> {
            if (operation == Operation.LINK) {
                throw new FileSystemException(path.toString(), null, "Operation not permitted");
            }
        }));
        Files.writeString(linkless, "new");
        Files.writeString(linkless, "er", StandardOpenOption.APPEND, Durability.FULL);
        assertEquals("newer", Files.readString(file));
        Files.writeString(linkless, "unique", TemporaryName.UNIQUE);
        assertEquals("unique", Files.readString(file));
        assertThrows(
                FileAlreadyExistsException.class,
                () -> Files.writeString(linkless, "no", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        Files.delete(file);
        Files.writeString(linkless, "created", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        assertEquals("created", Files.readString(file));
        assertEquals(List.of("file"), names(directory));
        try (OutputStream out = Files.newOutputStream(linkless)) {
            assertEquals(List.of("file", "file.tmp"), names(directory));
            assertThrows(FileAlreadyExistsException.class, () -> Files.newOutputStream(linkless));
            out.write('n');
        }
        Path dead = Files.writeString(directory.resolve("file.tmp"), "half");
        FileAlreadyExistsException e =
                assertThrows(FileAlreadyExistsException.class, () -> Files.writeString(linkless, "next"));
        assertTrue(e.getMessage().contains("a file " + dead), e.getMessage());
        assertEquals(List.of(), AtomicFiles.recover(directory));
        assertEquals("half", Files.readString(dead));
    }

    /** A network file system does what it was asked, loses the answer, is asked again, and reports a failure. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_operation_that_was_done_is_not_reported_as_failed(boolean exclusive) throws IOException {
        if (exclusive) {
            Files.delete(file);
        }
        Path lossy = AtomicFiles.atomic(ObservedFileSystem.over(file, (operation, path) -> {
            if (operation == Operation.MOVE && path.equals(file)) {
                Files.move(directory.resolve("file.tmp"), file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                throw new java.nio.file.NoSuchFileException(path.toString());
            }
            if (operation == Operation.LINK && path.equals(file)) {
                Files.createLink(file, directory.resolve("file.tmp"));
                throw new FileAlreadyExistsException(path.toString());
            }
        }));
        OpenOption creation = exclusive ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE;
        Files.writeString(lossy, "new", creation, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        assertEquals("new", Files.readString(file));
        assertEquals(List.of("file"), names(directory));
    }

    /** Writes one file; the system calls are looked at. */
    static final class OneWrite {
        public static void main(String[] arguments) throws IOException {
            Path file = AtomicFiles.atomic(Path.of(arguments[0]));
            try (OutputStream out = Files.newOutputStream(file, Durability.valueOf(arguments[1]))) {
                out.write('n');
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_system_is_really_asked(Durability durability) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "no strace here");
        ChildProcess.Result tracing = ChildProcess.run(List.of("/usr/bin/strace", "-o", "/dev/null", "true"), null);
        assumeTrue(tracing.status() == 0, "tracing is not allowed here");
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real.resolve("target"));
        Path log = directory.resolve("calls");
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/strace", "-f", "-y", "-o", log.toString(), "-e", "trace=/fsync|fdatasync|^rename|^open.*"));
        command.addAll(ChildProcess.program(OneWrite.class, link.toString(), durability.name()));
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.err());
        List<String> calls = new ArrayList<>();
        Pattern wanted = Pattern.compile("(fsync|fdatasync|rename\\w*)\\((?:\\d+<([^>]*)>|.*?\"([^\"]*)\")");
        for (String line : Files.readAllLines(log)) {
            Matcher call = wanted.matcher(line);
            if (call.find() && line.contains(directory.toString())) {
                String what = call.group(2) == null
                        ? ""
                        : " " + Path.of(call.group(2)).getFileName();
                calls.add(call.group(1).replaceAll("\\d|at$", "") + what.replaceAll("~[0-9a-f]{24}", "#"));
            }
        }
        List<String> expected = switch (durability) {
            case NONE -> List.of("rename");
            case DATA -> List.of("fsync .target#.tmp", "rename");
            case FULL -> List.of("fsync .target#.tmp", "rename", "fsync real");
        };
        assertEquals(expected, calls);
        assertTrue(Files.isSymbolicLink(link));
        assertFalse(Files.isSymbolicLink(real.resolve("target")));
    }
}
