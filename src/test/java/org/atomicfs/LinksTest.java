package org.atomicfs;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.MountedFileSystem;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.UnprivilegedUser;
import org.atomicfs.testing.WriterKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that the kernel refuses to follow, links that lead where their text does not, and the kernel's own files. */
class LinksTest {
    private static final List<Set<OpenOption>> WAYS = List.of(
            Set.of(CREATE, TRUNCATE_EXISTING, WRITE),
            Set.of(TRUNCATE_EXISTING, WRITE),
            Set.of(WRITE),
            Set.of(CREATE, WRITE),
            Set.of(CREATE_NEW, WRITE));

    @TempDir
    Path directory;

    @BeforeEach
    void needsLinux() {
        Needs.posix();
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs proc");
    }

    @FunctionalInterface
    private interface Action {
        Object run() throws Exception;
    }

    /** What an action came to, without the names in it. */
    private static String outcome(Action action) {
        try {
            return "returned " + action.run();
        } catch (FileSystemException e) {
            return e.getClass().getName() + " " + e.getReason();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static String write(WriterKind kind, Path path, Set<OpenOption> options) {
        return outcome(() -> {
            try (WriterKind.Writer writer = kind.open(path, options)) {
                writer.write("hello");
            }
            return "";
        });
    }

    // links that the kernel does not follow

    private void assertRefused(Path link, Path target, WriterKind kind) throws IOException {
        boolean existed = Files.exists(target);
        for (Set<OpenOption> way : WAYS) {
            String plain = write(kind, link, way);
            assertTrue(plain.contains("Exception"), "the kernel must refuse for this to test anything: " + plain);
            assertEquals(plain, write(kind, AtomicFiles.atomic(link), way), way.toString());
        }
        assertEquals(existed, Files.exists(target));
        if (existed) {
            assertEquals("old", Files.readString(target));
        }
    }

    @ParameterizedTest
    @EnumSource(WriterKind.class)
    void a_link_on_a_file_system_that_follows_none_is_refused_as_by_a_plain_open(WriterKind kind) throws IOException {
        try (MountedFileSystem mounted = MountedFileSystem.tmpfs(1 << 20)) {
            Path target = Files.writeString(directory.resolve("target"), "old");
            Path link = Files.createSymbolicLink(mounted.directory().resolve("link"), target);
            Path missing = directory.resolve("missing");
            Path dangling = Files.createSymbolicLink(mounted.directory().resolve("dangling"), missing);
            Path through = Files.createSymbolicLink(directory.resolve("through"), link);
            mounted.remount("nosymfollow");
            assertRefused(link, target, kind);
            assertRefused(dangling, missing, kind);
            assertRefused(through, target, kind);
            assertEquals(List.of("target", "through"), names(directory));
            for (Path source : List.of(link, dangling, through)) {
                Path plainCopy = directory.resolve("plain");
                Path copy = AtomicFiles.atomic(directory.resolve("copy"));
                assertEquals(
                        outcome(() -> Files.copy(source, plainCopy)),
                        outcome(() -> Files.copy(AtomicFiles.atomic(source), copy)));
                assertEquals(List.of("target", "through"), names(directory));
            }
        }
    }

    /** Writes through a link as another user, and prints what came of it. */
    static final class WriteAll {
        public static void main(String[] arguments) {
            for (String path : arguments) {
                for (WriterKind kind : WriterKind.values()) {
                    for (Set<OpenOption> way : WAYS) {
                        String plain = write(kind, Path.of(path), way);
                        String atomic = write(kind, AtomicFiles.atomic(Path.of(path)), way);
                        System.out.println(plain.equals(atomic) ? "same" : kind + " " + way + " " + plain + atomic);
                    }
                }
            }
        }
    }

    @Test
    void a_link_of_another_user_in_a_sticky_directory_is_refused_as_by_a_plain_open() throws IOException {
        Path setting = Path.of("/proc/sys/fs/protected_symlinks");
        assumeTrue(
                Files.exists(setting) && Files.readString(setting).strip().equals("1"),
                "needs fs.protected_symlinks=1, as it is on most machines");
        Needs.root();
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.setAttribute(shared, "unix:mode", 01777);
        Path target = Files.writeString(directory.resolve("target"), "old");
        Path link = Files.createSymbolicLink(shared.resolve("link"), target);
        Path dangling = Files.createSymbolicLink(shared.resolve("dangling"), directory.resolve("missing"));
        for (Path foreign : List.of(link, dangling)) {
            Files.setAttribute(foreign, "unix:uid", UnprivilegedUser.UID, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        }
        for (WriterKind kind : WriterKind.values()) {
            assertRefused(link, target, kind);
            assertRefused(dangling, directory.resolve("missing"), kind);
        }
    }

    @Test
    void a_link_into_a_directory_that_cannot_be_entered_is_refused_as_by_a_plain_open() throws IOException {
        Needs.root();
        Files.setAttribute(directory, "unix:mode", 0755);
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setAttribute(closed, "unix:mode", 0700);
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setAttribute(open, "unix:mode", 0777);
        Files.writeString(closed.resolve("target"), "old");
        Path link = Files.createSymbolicLink(open.resolve("link"), closed.resolve("target"));
        Path dangling = Files.createSymbolicLink(open.resolve("dangling"), closed.resolve("missing"));
        Path throughFile = Files.createSymbolicLink(open.resolve("file"), Path.of("link/x"));
        List<String> command = UnprivilegedUser.program(
                Files.createDirectory(directory.resolve("classes")),
                WriteAll.class,
                link.toString(),
                dangling.toString(),
                throughFile.toString());
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.err());
        assertEquals("same\n".repeat(3 * WriterKind.values().length * WAYS.size()), result.out());
        assertEquals(List.of("target"), names(closed));
        assertEquals(List.of("dangling", "file", "link"), names(open));
    }

    @Test
    void a_link_whose_target_is_replaced_all_the_time_is_written_every_time() throws Exception {
        Path target = Files.writeString(directory.resolve("target"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), target.getFileName());
        Thread replacing = new Thread(() -> {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                try {
                    Path next = Files.writeString(directory.resolve("next"), "next" + i);
                    Files.move(next, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        replacing.start();
        try {
            for (int i = 0; i < 500; i++) {
                try (var out = Files.newOutputStream(
                        AtomicFiles.atomic(link), CREATE, TRUNCATE_EXISTING, WRITE, Durability.NONE)) {
                    out.write('x');
                }
            }
        } finally {
            replacing.interrupt();
            replacing.join();
        }
        assertTrue(Files.isSymbolicLink(link));
    }

    // links that lead to open files

    /** Writes to a path, plain or atomic; what goes wrong is printed. */
    static final class WriteOne {
        public static void main(String[] arguments) {
            Path path = Path.of(arguments[1]);
            Path written = arguments[0].equals("atomic") ? AtomicFiles.atomic(path) : path;
            System.err.print(outcome(() -> arguments[2].equals("append")
                    ? Files.writeString(written, "hello", APPEND) == written
                    : Files.writeString(written, "hello") == written));
        }
    }

    /** A command of the shell, which replaces what its arguments contain. */
    private static String java(Class<?> program, String... arguments) {
        return String.join(" ", ChildProcess.program(program, arguments)).replace("$", "\\$");
    }

    private static ChildProcess.Result shell(String script) throws IOException {
        Needs.command("bash");
        return ChildProcess.run(List.of("bash", "-c", script), null);
    }

    private static final List<String> WRITES = List.of("truncate", "append");

    @ParameterizedTest
    @ValueSource(strings = {"/dev/stdout", "/proc/self/fd/1", "/dev/fd/1", "/proc/thread-self/fd/1", "LINK"})
    void standard_output_is_written_in_place_be_it_a_pipe_or_a_file(String path) throws IOException {
        String link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/dev/stdout"))
                .toString();
        for (String way : WRITES) {
            List<String> seen = new ArrayList<>();
            for (String how : List.of("plain", "atomic")) {
                String java = java(WriteOne.class, how, path.replace("LINK", link), way);
                ChildProcess.Result pipe = shell(java + " | cat");
                Path out = directory.resolve("out");
                ChildProcess.Result file = shell("(echo before; " + java + "; echo after) >> " + out);
                seen.add(pipe + " " + file + " " + Files.readString(out));
                Files.delete(out);
            }
            assertEquals(seen.get(0), seen.get(1));
            assertTrue(seen.get(1).contains("out=hello") && seen.get(1).contains("after"), seen.get(1));
            assertEquals(List.of("link"), names(directory));
        }
    }

    @Test
    void a_process_substitution_is_written_in_place() throws IOException {
        Path out = directory.resolve("out");
        for (String way : WRITES) {
            String java = java(WriteOne.class, "atomic", ">(cat > " + out + ")", way);
            ChildProcess.Result result = shell(java + "; wait $!");
            assertEquals("returned true", result.err());
            assertEquals("hello", Files.readString(out));
        }
    }

    /** The descriptor through which this process has a file open, as a path. */
    private static Path descriptor(String text) throws IOException {
        for (String number : new File("/proc/self/fd").list()) {
            Path link = Path.of("/proc/self/fd", number);
            if (Files.isSymbolicLink(link)
                    && Files.readSymbolicLink(link).toString().startsWith(text)) {
                return link;
            }
        }
        throw new AssertionError(text);
    }

    private static String content(RandomAccessFile file) throws IOException {
        byte[] content = new byte[(int) file.length()];
        file.seek(0);
        file.readFully(content);
        return new String(content, java.nio.charset.StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(WriterKind.class)
    void a_deleted_file_is_written_through_its_descriptor_and_no_file_that_has_its_text(WriterKind kind)
            throws IOException {
        Path gone = directory.resolve("gone");
        Path decoy = Files.writeString(directory.resolve("gone (deleted)"), "unrelated");
        try (RandomAccessFile open = new RandomAccessFile(gone.toFile(), "rw")) {
            open.writeBytes("previous");
            Files.delete(gone);
            Path descriptor = descriptor(gone.toString());
            assertEquals("returned ", write(kind, AtomicFiles.atomic(descriptor), WAYS.get(0)));
            assertEquals("hello", content(open));
            open.setLength(0);
            open.writeBytes("previous");
            assertEquals("returned ", write(kind, AtomicFiles.atomic(descriptor), Set.of(WRITE)));
            assertEquals("helloous", content(open));
            Path copy = directory.resolve("copy");
            Files.copy(AtomicFiles.atomic(descriptor), AtomicFiles.atomic(copy), COPY_ATTRIBUTES);
            assertEquals("helloous", Files.readString(copy));
            assertEquals(Files.getLastModifiedTime(descriptor), Files.getLastModifiedTime(copy));
            Files.copy(AtomicFiles.atomic(descriptor), AtomicFiles.atomic(copy), REPLACE_EXISTING);
            assertEquals("helloous", Files.readString(copy));
        }
        assertEquals("unrelated", Files.readString(decoy));
        assertEquals(List.of("copy", "gone (deleted)"), names(directory));
    }

    @Test
    void a_file_that_is_reached_through_a_descriptor_is_written_in_place() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        Object key = Files.readAttributes(file, "unix:ino").get("ino");
        try (FileChannel open = FileChannel.open(file, READ, WRITE)) {
            Files.writeString(AtomicFiles.atomic(descriptor(file.toString())), "new");
            assertEquals(3, open.size());
        }
        assertEquals("new", Files.readString(file));
        assertEquals(key, Files.readAttributes(file, "unix:ino").get("ino"));
    }

    /** Copies standard input, which a file is, to a file. */
    static final class CopyInput {
        public static void main(String[] arguments) throws IOException {
            Files.copy(
                    AtomicFiles.atomic(Path.of(arguments[0])),
                    AtomicFiles.atomic(Path.of(arguments[1])),
                    REPLACE_EXISTING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/stdin", "/proc/self/fd/0", "/dev/fd/0"})
    void standard_input_is_copied(String path) throws IOException {
        Path in = Files.writeString(directory.resolve("in"), "content");
        Path out = Files.writeString(directory.resolve("out"), "old");
        String java = java(CopyInput.class, path, out.toString());
        ChildProcess.Result result = shell(java + " < " + in);
        assertEquals(0, result.status(), result.err());
        assertEquals("content", Files.readString(out));
        result = shell("exec 0< " + in + "; rm " + in + "; " + java);
        assertEquals(0, result.status(), result.err());
        assertEquals("content", Files.readString(out));
    }

    // files of the kernel

    private static final String FILTER = "coredump_filter"; // of this process, and without effect on it

    private void assertWritable(Path file, String radix) throws IOException {
        String value = Files.readString(file).strip();
        List<String> beside = names(file.getParent());
        Path atomic = AtomicFiles.atomic(file);
        for (WriterKind kind : WriterKind.values()) {
            for (Set<OpenOption> way : WAYS.subList(0, WAYS.size() - 1)) {
                assertEquals(
                        "returned ",
                        outcome(() -> {
                            try (WriterKind.Writer writer = kind.open(atomic, way)) {
                                writer.write(radix + value);
                            }
                            return "";
                        }),
                        kind + " " + way + " " + file);
            }
        }
        Files.writeString(atomic, radix + value, APPEND);
        assertEquals(value, Files.readString(file).strip());
        assertEquals(beside, names(file.getParent()));
    }

    @Test
    void a_file_of_proc_is_written_in_place() throws IOException {
        Path file = Path.of("/proc/self", FILTER);
        assumeTrue(Files.isWritable(file), "needs " + file);
        String value = Files.readString(file).strip();
        assertWritable(file, "0x");
        Files.writeString(AtomicFiles.atomic(file), "0x21");
        try {
            assertEquals("00000021", Files.readString(file).strip());
        } finally {
            Files.writeString(AtomicFiles.atomic(file), "0x" + value);
        }
        assertEquals(value, Files.readString(file).strip());
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Files.writeString(AtomicFiles.atomic(link), "0x" + value);
        assertEquals(List.of("link"), names(directory));
        assertTrue(outcome(() -> Files.writeString(AtomicFiles.atomic(file), "no number"))
                .startsWith("java.io.IOException"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/sys/vm/swappiness", "/sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan"})
    void a_setting_of_the_kernel_is_written_in_place(String name) throws IOException {
        Path file = Path.of(name);
        assumeTrue(Files.isWritable(file), "needs root, and not a container's, to write " + file);
        assertWritable(file, "");
    }

    @Test
    void proc_is_known_wherever_it_is_mounted() throws IOException {
        MountedFileSystem.assumePossible();
        Path mount = Files.createDirectory(directory.resolve("mount"));
        MountedFileSystem.run("mount", "-t", "proc", "none", mount.toString());
        try {
            Path self = mount.resolve("self");
            Path filter = AtomicFiles.atomic(self.resolve(FILTER));
            String value = Files.readString(filter).strip();
            Files.writeString(filter, "0x" + value);
            Path gone = directory.resolve("gone");
            Path decoy = Files.writeString(directory.resolve("gone (deleted)"), "unrelated");
            try (RandomAccessFile open = new RandomAccessFile(gone.toFile(), "rw")) {
                Files.delete(gone);
                Path descriptor = self.resolve("fd")
                        .resolve(descriptor(gone.toString()).getFileName().toString());
                Files.writeString(AtomicFiles.atomic(descriptor), "new");
                assertEquals("new", content(open));
            }
            assertEquals("unrelated", Files.readString(decoy));
        } finally {
            MountedFileSystem.run("umount", mount.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/proc/cpuinfo", "/proc/self/status", "/proc/self/maps", "/sys/kernel/notes", "/proc/mounts"})
    void a_file_of_the_kernel_is_copied_whole(String name) throws IOException {
        Path source = Path.of(name);
        assumeTrue(Files.isReadable(source), "needs " + source);
        Path copy = directory.resolve("copy");
        Files.copy(AtomicFiles.atomic(source), AtomicFiles.atomic(copy));
        assertTrue(Files.size(copy) >= Files.readAllBytes(source).length / 2, () -> "short: " + name);
        Files.copy(AtomicFiles.atomic(source), AtomicFiles.atomic(copy), REPLACE_EXISTING, COPY_ATTRIBUTES);
        assertTrue(Files.size(copy) > 0);
        Files.copy(source, AtomicFiles.atomic(copy), REPLACE_EXISTING);
        assertTrue(Files.size(copy) > 0);
    }
}
