package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.UnprivilegedUser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WriteDirectoryTest {
    @TempDir
    Path place;

    private Path target;

    @BeforeEach
    void choose() {
        target = place.resolve("target");
    }

    private static AtomicOptions with(Durability durability) {
        return AtomicOptions.builder().durability(durability).build();
    }

    private static AtomicFiles.DirectoryContent content(String text) {
        return directory -> {
            Files.writeString(directory.resolve("a"), text);
            Files.createDirectories(directory.resolve("sub/deep"));
            Files.writeString(directory.resolve("sub/deep/b"), text);
            Files.createSymbolicLink(directory.resolve("link"), Path.of("sub/deep/b"));
            Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
        };
    }

    private static void assertContent(String text, Path directory) throws IOException {
        assertEquals(text, Files.readString(directory.resolve("a")));
        assertEquals(text, Files.readString(directory.resolve("link")));
        assertTrue(Files.isSymbolicLink(directory.resolve("dangling")));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(place)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Makes the target a link to a directory that was not written by atomicfs. */
    private void link() throws IOException {
        Path first = Files.createDirectory(place.resolve("target.first"));
        content("0").fill(first);
        Files.createSymbolicLink(target, first.getFileName());
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void one_that_is_not_there_appears(Durability durability) throws IOException {
        AtomicFiles.writeDirectory(
                target,
                directory -> {
                    assertFalse(Files.exists(target));
                    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
                    content("1").fill(directory);
                },
                with(durability),
                0);
        assertContent("1", target);
        assertEquals(
                Files.getPosixFilePermissions(Files.createDirectory(place.resolve("plain"))),
                Files.getPosixFilePermissions(target));
        assertEquals(List.of("plain", "target"), names());
    }

    @Test
    void an_empty_one_is_replaced_and_its_permissions_are_kept() throws IOException {
        Files.createDirectory(
                target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x---")));
        AtomicFiles.writeDirectory(AtomicFiles.atomic(target), content("1"));
        assertContent("1", target);
        assertEquals("rwx--x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
        assertEquals(List.of("target"), names());
    }

    @Test
    void one_that_is_not_empty_is_refused_before_it_is_written() throws IOException {
        Files.createFile(Files.createDirectory(target).resolve("x"));
        FileSystemException e = assertThrows(
                FileSystemException.class,
                () -> AtomicFiles.writeDirectory(target, directory -> {
                    throw new AssertionError("was called");
                }));
        assertTrue(e.getMessage().contains("ln -s target.first target"), e.getMessage());
        assertEquals(List.of("target"), names());
    }

    @Test
    void the_advice_names_a_directory_in_full_also_the_one_that_the_program_is_in() {
        Path here = Path.of("").toAbsolutePath();
        FileSystemException e =
                assertThrows(FileSystemException.class, () -> AtomicFiles.writeDirectory(Path.of("."), content("1")));
        String name = here.getFileName().toString();
        assertTrue(
                e.getMessage()
                        .contains("cd " + here.getParent() + "; mv " + name + " " + name + ".first; ln -s " + name
                                + ".first " + name + ","),
                e.getMessage());
    }

    @Test
    void one_that_is_not_empty_any_more_is_refused_when_it_is_to_be_published() throws IOException {
        Files.createDirectory(target);
        assertThrows(
                FileSystemException.class,
                () -> AtomicFiles.writeDirectory(target, directory -> Files.createFile(target.resolve("x"))));
        assertTrue(Files.exists(target.resolve("x")));
        assertEquals(List.of("target"), names());
    }

    @Test
    void a_file_is_refused() throws IOException {
        Files.createFile(target);
        assertThrows(NotDirectoryException.class, () -> AtomicFiles.writeDirectory(target, content("1")));
        assertEquals(List.of("target"), names());
    }

    @Test
    void an_exception_discards_everything_and_is_thrown_as_it_is() throws IOException {
        link();
        IllegalStateException thrown = new IllegalStateException();
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> AtomicFiles.writeDirectory(target, directory -> {
                    content("1").fill(directory);
                    throw thrown;
                }));
        assertEquals(thrown, e);
        assertContent("0", target);
        assertEquals(List.of("target", "target.first"), names());
    }

    @Test
    void a_link_leads_to_a_new_generation_and_old_ones_are_kept() throws IOException {
        link();
        for (int i = 1; i <= 5; i++) {
            AtomicFiles.writeDirectory(target, content("" + i), with(Durability.NONE), 2);
            assertTrue(Files.isSymbolicLink(target));
            assertContent("" + i, target);
        }
        assertContent("0", place.resolve("target.first")); // which atomicfs did not make
        List<String> generations =
                names().stream().filter(name -> name.startsWith("target~")).toList();
        assertEquals(3, generations.size(), generations.toString());
        for (int i = 0; i < 3; i++) {
            assertContent("" + (3 + i), place.resolve(generations.get(i)));
        }
        assertEquals(5, names().size());
    }

    @Test
    void the_generation_that_is_replaced_is_kept_though_it_is_not_the_newest() throws IOException {
        link();
        AtomicFiles.writeDirectory(target, content("1"));
        Path first = Files.readSymbolicLink(target);
        AtomicFiles.writeDirectory(target, content("2"));
        Files.delete(target);
        Files.createSymbolicLink(target, first); // a person goes back
        Path reader = target.toRealPath();
        AtomicFiles.writeDirectory(target, content("3"));
        assertContent("1", reader);
        assertContent("3", target);
        assertEquals(4, names().size(), "the link, the first directory, and two generations");
    }

    /** Writes a directory, and ends the JVM before the first move to such a name. */
    static final class DyingBeforeMove {
        public static void main(String[] arguments) throws IOException {
            Path target = ObservedFileSystem.over(Path.of(arguments[0]), (operation, file) -> {
                if (operation == ObservedFileSystem.Operation.MOVE
                        && file.getFileName().toString().matches(arguments[1])) {
                    Runtime.getRuntime().halt(9);
                }
            });
            AtomicFiles.writeDirectory(
                    target, directory -> Files.writeString(directory.resolve("a"), "dead"), with(Durability.NONE), 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"target~.*", "target"})
    void a_generation_that_was_not_published_is_removed_by_recover_and_by_the_next_writer(String moved)
            throws Exception {
        link();
        List<String> program = ChildProcess.program(DyingBeforeMove.class, target.toString(), moved);
        assertEquals(9, ChildProcess.run(program, null).status());
        assertContent("0", target);
        AtomicFiles.recover(place);
        assertEquals(List.of("target", "target.first"), names());
        assertEquals(9, ChildProcess.run(program, null).status());
        AtomicFiles.writeDirectory(target, content("1"));
        assertContent("1", target);
        assertEquals(3, names().size(), names().toString());
    }

    @Test
    void a_root_is_refused() {
        FileSystemException e = assertThrows(
                FileSystemException.class, () -> AtomicFiles.writeDirectory(place.getRoot(), content("x")));
        assertTrue(e.getMessage().contains("root of a file system"), e.getMessage());
    }

    @Test
    void one_in_an_archive_is_refused_since_a_move_leaves_its_files_behind() throws IOException {
        Path archive = place.resolve("a.zip");
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path directory = zip.getPath("/new");
            FileSystemException e =
                    assertThrows(FileSystemException.class, () -> AtomicFiles.writeDirectory(directory, content("x")));
            assertTrue(e.getMessage().contains("within an archive"), e.getMessage());
            try (Stream<Path> all = Files.list(zip.getPath("/"))) {
                assertEquals(List.of(), all.toList());
            }
        }
    }

    @Test
    void two_writers_exclude_each_other() throws IOException {
        AtomicFiles.writeDirectory(target, directory -> {
            assertThrows(FileAlreadyExistsException.class, () -> AtomicFiles.writeDirectory(target, content("2")));
            content("1").fill(directory);
        });
        assertContent("1", target);
        assertEquals(List.of("target"), names());
    }

    @Test
    void readers_that_resolve_the_link_first_see_old_or_new_during_1000_swaps() throws Exception {
        link();
        ExecutorService reader = Executors.newSingleThreadExecutor();
        AtomicInteger walks = new AtomicInteger();
        Future<Void> reading = reader.submit((Callable<Void>) () -> {
            while (!Thread.currentThread().isInterrupted()) {
                Path resolved = target.toRealPath();
                String text = Files.readString(resolved.resolve("a"));
                try (Stream<Path> all = Files.walk(resolved)) {
                    for (Path file : all.filter(Files::isRegularFile).toList()) {
                        assertEquals(text, Files.readString(file));
                    }
                }
                walks.incrementAndGet();
            }
            return null;
        });
        for (int i = 1; i <= 1000; i++) {
            AtomicFiles.writeDirectory(target, content("" + i), with(Durability.NONE), 1001);
        }
        reader.shutdownNow();
        try {
            reading.get();
        } catch (java.util.concurrent.ExecutionException e) {
            if (!(e.getCause() instanceof java.nio.channels.ClosedByInterruptException)) {
                throw e;
            }
        }
        assertTrue(walks.get() > 0);
        assertContent("1000", target);
    }

    @Test
    void a_file_that_is_still_written_when_the_action_returns_keeps_the_directory_from_being_published()
            throws IOException {
        OutputStream[] opened = new OutputStream[1];
        FileSystemException e = assertThrows(
                FileSystemException.class,
                () -> AtomicFiles.writeDirectory(target, directory -> {
                    opened[0] = Files.newOutputStream(AtomicFiles.atomic(directory.resolve("late")));
                    opened[0].write(1);
                }));
        assertTrue(e.getFile().endsWith("late"), e.getMessage());
        assertTrue(e.getReason().contains("close it"), e.getMessage());
        AtomicCommitException told = assertThrows(AtomicCommitException.class, opened[0]::close);
        assertEquals(AtomicCommitException.Outcome.NOT_COMMITTED, told.outcome());
        assertTrue(told.getMessage().contains("was not published"), told.getMessage());
        assertEquals(List.of(), names());
        assertEquals(List.of(), AtomicFiles.pending());
    }

    @Test
    void a_provider_without_file_channels_is_refused_with_what_it_lacks() throws IOException {
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
            Path plain = memory.getPath("/work");
            Path directory = ObservedFileSystem.withoutFileChannels(plain).resolve("target");
            AtomicFiles.DirectoryContent one = filled -> Files.writeString(filled.resolve("a"), "1");
            FileSystemException e = assertThrows(
                    FileSystemException.class,
                    () -> AtomicFiles.writeDirectory(directory, one, with(Durability.FULL), 1));
            assertTrue(e.getMessage().contains("newFileChannel"), e.getMessage());
            assertEquals(List.of(), DirectoryListing.names(plain));
            AtomicFiles.writeDirectory(directory, one, with(Durability.NONE), 1);
            assertEquals("1", Files.readString(plain.resolve("target/a")));
        }
    }

    /** Writes generations, one that has a directory that its owner may not write, and one more. */
    static final class ReadOnly {
        public static void main(String[] arguments) throws IOException {
            Path target = Path.of(arguments[0]);
            for (int i = 0; i < 3; i++) {
                AtomicFiles.writeDirectory(
                        target,
                        directory -> {
                            content("x").fill(directory);
                            Files.setPosixFilePermissions(
                                    directory.resolve("sub/deep"), PosixFilePermissions.fromString("r-xr-xr-x"));
                            Files.setPosixFilePermissions(
                                    directory.resolve("sub"), PosixFilePermissions.fromString("r-xr-xr-x"));
                        },
                        with(Durability.NONE),
                        0);
            }
            try {
                AtomicFiles.writeDirectory(
                        target,
                        directory -> {
                            content("x").fill(directory);
                            Files.setPosixFilePermissions(
                                    directory.resolve("sub"), PosixFilePermissions.fromString("r-xr-xr-x"));
                            throw new FileSystemException("meant");
                        },
                        with(Durability.NONE),
                        0);
            } catch (FileSystemException e) {
                System.out.println(e.getFile() + " " + e.getSuppressed().length);
            }
        }
    }

    @Test
    void a_generation_with_a_read_only_directory_is_removed(@TempDir Path copies) throws Exception {
        Needs.root();
        link();
        Files.setPosixFilePermissions(copies, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = UnprivilegedUser.program(copies.resolve("classes"), ReadOnly.class, target.toString());
        try (Stream<Path> all = Files.walk(place)) {
            for (Path file : all.toList()) {
                Files.setAttribute(file, "unix:uid", UnprivilegedUser.UID, LinkOption.NOFOLLOW_LINKS);
            }
        }
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals("meant 0", result.out().strip(), result.toString());
        assertEquals(3, names().size(), names().toString()); // with the first one, which was no generation of ours
    }

    /** Writes generations until it is killed. */
    static final class Writer {
        public static void main(String[] arguments) throws IOException {
            Path target = Path.of(arguments[0]);
            for (int i = 0; ; i++) {
                AtomicFiles.writeDirectory(target, content("" + i), with(Durability.NONE), 1);
                if (i == 0) {
                    System.out.println("wrote");
                }
            }
        }
    }

    @Test
    void a_link_that_a_dead_writer_has_made_and_not_used_is_removed() throws IOException {
        link();
        Path made = madeLink(target);
        Files.createSymbolicLink(made, target.getFileName());
        assertEquals(List.of(made), AtomicFiles.recover(place));
        assertTrue(Files.notExists(made, LinkOption.NOFOLLOW_LINKS));
    }

    /** The name of the link that a writer makes before it takes the place of the old one. */
    private static Path madeLink(Path target) throws IOException {
        Path[] filled = new Path[1];
        AtomicFiles.writeDirectory(target, directory -> filled[0] = AtomicFiles.plain(directory));
        return target.resolveSibling(filled[0].getFileName().toString().replaceFirst("\\.directory$", ".link"));
    }

    @Test
    void a_killed_writer_leaves_an_old_or_a_new_one_and_is_recovered() throws Exception {
        link();
        for (int kills = 0; kills < 10; kills++) {
            Process writer = new ProcessBuilder(ChildProcess.program(Writer.class, target.toString()))
                    .redirectErrorStream(true)
                    .start();
            assertEquals("wrote", writer.inputReader().readLine());
            java.util.concurrent.locks.LockSupport.parkNanos(kills * 3_000_000L); // the moment
            writer.destroyForcibly();
            ChildProcess.await(writer);
            String text = Files.readString(target.resolve("a"));
            assertContent(text, target);
            if (kills % 2 == 0) {
                AtomicFiles.recover(place);
                assertTrue(names().stream().noneMatch(name -> name.startsWith(".")), names().toString());
            }
        }
        AtomicFiles.writeDirectory(target, content("last"), with(Durability.NONE), 0);
        assertContent("last", target);
        assertEquals(3, names().size(), names().toString());
        assertTrue(Files.exists(target, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void a_transaction_inside_has_to_end_before() throws IOException {
        FileTransaction[] inside = {null};
        FileSystemException e = assertThrows(
                FileSystemException.class,
                () -> AtomicFiles.writeDirectory(target, directory -> {
                    inside[0] = AtomicFiles.transaction(directory);
                    Files.writeString(inside[0].path(directory.resolve("one")), "1");
                    Files.writeString(inside[0].path(directory.resolve("two")), "2");
                }));
        assertTrue(e.getReason().contains("its transaction had not ended"), e.getReason());
        assertThrows(AtomicCommitException.class, inside[0]::commit);
        assertEquals(List.of(), names());
        AtomicFiles.writeDirectory(target, directory -> {
            try (FileTransaction ended = AtomicFiles.transaction(directory)) {
                Files.writeString(ended.path(directory.resolve("one")), "1");
                ended.commit();
            }
        });
        assertEquals("1", Files.readString(target.resolve("one")));
        assertEquals(List.of("target"), names());
    }
}
