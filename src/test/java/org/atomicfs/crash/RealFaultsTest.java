package org.atomicfs.crash;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicWrite;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.MountedFileSystem;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.UnprivilegedUser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File systems that really are full, read-only, gone, or forbidden while something is written. */
class RealFaultsTest {
    private static final byte[] NEW = new byte[100_000];

    @TempDir
    Path directory;

    /** A way to bring content to a file that has some. */
    private interface Way {
        void write(Path file) throws IOException;
    }

    private static List<Way> ways(Path source) {
        return List.of(
                file -> Files.write(file, NEW),
                file -> Files.write(file, NEW, APPEND, Durability.FULL),
                file -> Files.write(file, NEW, WRITE, Durability.NONE, TemporaryName.UNIQUE),
                file -> Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING),
                file -> Files.write(file.resolveSibling("new"), NEW, CREATE_NEW, WRITE),
                file -> AtomicFiles.writeIfAbsent(file.resolveSibling("new"), out -> out.write(NEW)));
    }

    /** Nothing but the complete new content, or an exception and the old one. */
    private static int assertAllOrNothing(Path plain, Path source) throws IOException {
        int failed = 0;
        for (Way way : ways(source)) {
            Files.deleteIfExists(plain.resolveSibling("new"));
            byte[] before = Files.readAllBytes(plain);
            List<String> names = names(plain.getParent());
            try {
                way.write(AtomicFiles.atomic(plain));
            } catch (IOException e) {
                failed++;
                assertEquals(-1, java.util.Arrays.mismatch(before, Files.readAllBytes(plain)), e::toString);
                assertEquals(names, names(plain.getParent()), e::toString);
            }
            List<String> left = new ArrayList<>(names(plain.getParent()));
            left.removeAll(List.of(plain.getFileName().toString(), "new", "filler"));
            assertEquals(List.of(), left);
        }
        return failed;
    }

    @Test
    void a_full_disk_is_survived_at_every_stage() throws IOException {
        Path source = Files.write(directory.resolve("source"), NEW);
        int failed = 0;
        int runs = 0;
        for (int spare = 0; spare < 300_000; spare += 12_288, runs++) {
            try (MountedFileSystem mount = MountedFileSystem.tmpfs(1 << 20)) {
                Path plain = Files.writeString(mount.directory().resolve("file"), "old");
                try (OutputStream filler =
                        Files.newOutputStream(mount.directory().resolve("filler"))) {
                    filler.write(new byte[(1 << 20) - 8192 - spare]);
                } catch (IOException full) {
                    // as it should be
                }
                failed += assertAllOrNothing(plain, source);
            }
        }
        assertTrue(failed > runs, "it was never full");
    }

    @Test
    void zipfs_on_a_full_disk_leaves_nothing_and_can_be_opened_again() throws IOException {
        byte[] random = new byte[2 << 20];
        new Random(0).nextBytes(random);
        try (MountedFileSystem mount = MountedFileSystem.tmpfs(1 << 20)) {
            Path archive = AtomicFiles.atomic(mount.directory().resolve("a.zip"));
            Map<String, String> create = Map.of("create", "true");
            for (List<String> left : List.of(List.<String>of(), List.of("a.zip"))) { // a new one, and an old one
                FileSystem tooMuch = FileSystems.newFileSystem(archive, create);
                Files.write(tooMuch.getPath("b"), random);
                assertThrows(IOException.class, tooMuch::close);
                assertEquals(List.of(), AtomicFiles.pending());
                assertEquals(left, names(mount.directory()));
                try (FileSystem zip = FileSystems.newFileSystem(archive, create)) {
                    assertFalse(Files.exists(zip.getPath("b")));
                    Files.writeString(zip.getPath("a"), "1");
                }
                assertEquals(List.of("a.zip"), names(mount.directory()));
            }
        }
    }

    @Test
    void a_disk_without_room_for_names_is_survived_at_every_stage() throws IOException {
        Path source = Files.write(directory.resolve("source"), NEW);
        int failed = 0;
        for (int names = 2; names < 8; names++) {
            try (MountedFileSystem mount = MountedFileSystem.tmpfs(4 << 20)) {
                mount.remount("nr_inodes=" + names);
                Path plain = Files.writeString(mount.directory().resolve("file"), "old");
                failed += assertAllOrNothing(plain, source);
            }
        }
        assertTrue(failed > 5, "there was room for all");
    }

    @Test
    void a_full_journaling_file_system_is_survived() throws IOException {
        Path source = Files.write(directory.resolve("source"), NEW);
        try (MountedFileSystem mount = MountedFileSystem.loop("ext4")) {
            Path plain = Files.writeString(mount.directory().resolve("file"), "old");
            Files.delete(mount.directory().resolve("lost+found"));
            try (OutputStream filler = Files.newOutputStream(mount.directory().resolve("filler"))) {
                for (; ; ) {
                    filler.write(NEW);
                }
            } catch (IOException full) {
                // as it should be
            }
            assertTrue(assertAllOrNothing(plain, source) > 3);
        }
    }

    @Test
    void a_file_system_that_becomes_read_only_keeps_the_old_file() throws IOException {
        try (MountedFileSystem mount = MountedFileSystem.loop("ext4")) {
            Path plain = Files.writeString(mount.directory().resolve("file"), "old");
            MountedFileSystem.run("sync");
            OutputStream out = Files.newOutputStream(AtomicFiles.atomic(plain));
            out.write(NEW);
            mount.remount("abort"); // as ext4 itself does after an error of the device
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertEquals("old", Files.readString(plain));
            assertTrue(
                    Stream.of(e.getCause().getSuppressed())
                            .anyMatch(cleanup -> cleanup.toString().contains("Read-only")),
                    () -> "it is told that the temporary is still there: " + e.getCause()
                            + List.of(e.getCause().getSuppressed()));
        }
    }

    @Test
    void a_file_system_that_is_taken_away_keeps_the_old_file_and_the_next_writer_goes_on() throws IOException {
        try (MountedFileSystem mount = MountedFileSystem.loop("ext4")) {
            Path plain = Files.writeString(mount.directory().resolve("file"), "old");
            Path other = Files.createDirectory(directory.resolve("other"));
            MountedFileSystem.run("mount", "--bind", mount.directory().toString(), other.toString());
            try {
                OutputStream out = Files.newOutputStream(AtomicFiles.atomic(plain));
                out.write(NEW);
                mount.detach();
                AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
                assertEquals(Outcome.NOT_COMMITTED, e.outcome());
                Path same = other.resolve("file");
                assertEquals("old", Files.readString(same));
                Files.writeString(AtomicFiles.atomic(same), "new");
                assertEquals("new", Files.readString(same));
                assertEquals(List.of("file", "lost+found"), names(other));
            } finally {
                MountedFileSystem.run("umount", other.toString());
            }
        }
    }

    @Test
    void a_live_writer_is_respected_through_another_mount() throws IOException {
        MountedFileSystem.assumePossible();
        Path work = Files.createDirectory(directory.resolve("work"));
        Path other = Files.createDirectory(directory.resolve("other"));
        MountedFileSystem.run("mount", "--bind", work.toString(), other.toString());
        try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(work.resolve("file")))) {
            out.write(1);
            FileAlreadyExistsException e = assertThrows(
                    FileAlreadyExistsException.class,
                    () -> Files.newOutputStream(AtomicFiles.atomic(other.resolve("file"))));
            assertTrue(e.getMessage().contains("being written"), e.getMessage());
            assertEquals(List.of(), AtomicFiles.recover(other));
            ChildProcess.Result elsewhere = run(List.of(), TryToWrite.class, other.resolve("file"));
            assertTrue(elsewhere.out().contains("being written by another process"), elsewhere.out());
        } finally {
            MountedFileSystem.run("umount", other.toString());
        }
        assertEquals(List.of("file"), names(work));
        assertEquals(1, Files.size(work.resolve("file")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "ext4", "xfs", "btrfs"})
    void a_dead_writer_is_cleaned_up_after(String type) throws IOException {
        try (MountedFileSystem mount = MountedFileSystem.of(type)) {
            Path work = Files.createDirectory(mount.directory().resolve("work"));
            Path plain = Files.writeString(work.resolve("file"), "old");
            Path stranger = Files.writeString(work.resolve("other.tmp"), "somebody's");
            run(List.of(), HaltsHalfWay.class, plain);
            assertEquals(4, names(work).size());
            Files.writeString(AtomicFiles.atomic(plain), "new");
            assertEquals(List.of("file", "other.tmp"), names(work));
            run(List.of(), HaltsHalfWay.class, plain);
            assertEquals(List.of(work.resolve("file.tmp")), AtomicFiles.recover(work));
            assertEquals(List.of("file", "other.tmp"), names(work));
            FileAlreadyExistsException e = assertThrows(
                    FileAlreadyExistsException.class,
                    () -> Files.newOutputStream(AtomicFiles.atomic(work.resolve("other"))));
            assertTrue(e.getMessage().contains(stranger.toString()), e.getMessage());
            assertTrue(e.getMessage().contains("s ago"), e.getMessage());
            assertEquals("somebody's", Files.readString(stranger));
            assertEquals(List.of("file", "other.tmp"), names(work));
        }
    }

    @Test
    void a_file_that_is_mounted_itself_is_not_replaced_and_keeps_its_content() throws IOException {
        MountedFileSystem.assumePossible();
        Path plain = Files.writeString(directory.resolve("file"), "old");
        Path mounted = Files.writeString(directory.resolve("mounted"), "old in the container");
        MountedFileSystem.run("mount", "--bind", mounted.toString(), plain.toString());
        try {
            OutputStream out = Files.newOutputStream(AtomicFiles.atomic(plain));
            out.write(NEW);
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertTrue(e.getMessage().contains("busy"), e.getMessage());
            assertTrue(e.getMessage().contains("mount"), "it says what to do: " + e.getMessage());
            assertEquals("old in the container", Files.readString(plain));
            assertEquals(List.of("file", "mounted"), names(directory));
        } finally {
            MountedFileSystem.run("umount", plain.toString());
        }
    }

    @Test
    void an_overlay_is_written_like_any_file_system() throws IOException {
        try (MountedFileSystem mount = MountedFileSystem.tmpfs(4 << 20)) {
            for (String name : List.of("lower", "upper", "work", "merged")) {
                Files.createDirectory(mount.directory().resolve(name));
            }
            Path merged = mount.directory().resolve("merged");
            Files.writeString(mount.directory().resolve("lower/file"), "old");
            MountedFileSystem.run(
                    "mount",
                    "-t",
                    "overlay",
                    "overlay",
                    "-o",
                    "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(mount.directory()),
                    merged.toString());
            try {
                Path plain = merged.resolve("file");
                Files.writeString(AtomicFiles.atomic(plain), "er", APPEND);
                assertEquals("older", Files.readString(plain));
                Files.writeString(AtomicFiles.atomic(plain), "new", Durability.FULL);
                assertEquals("new", Files.readString(plain));
                assertEquals("old", Files.readString(mount.directory().resolve("lower/file")));
                assertThrows(
                        FileAlreadyExistsException.class,
                        () -> Files.writeString(AtomicFiles.atomic(plain), "no", CREATE_NEW));
                run(List.of(), HaltsHalfWay.class, plain);
                Files.writeString(AtomicFiles.atomic(plain), "again");
                assertEquals(List.of("file"), names(merged));
            } finally {
                MountedFileSystem.run("umount", merged.toString());
            }
        }
    }

    @Test
    void a_directory_that_is_removed_takes_the_write_with_it() throws IOException {
        Path work = Files.createDirectory(directory.resolve("work"));
        OutputStream out = Files.newOutputStream(AtomicFiles.atomic(work.resolve("file")));
        out.write(NEW);
        for (String name : names(work)) {
            Files.delete(work.resolve(name));
        }
        Files.delete(work);
        AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
        assertEquals(Outcome.NOT_COMMITTED, e.outcome());
        assertFalse(Files.exists(work));
    }

    @Test
    void a_directory_that_is_moved_keeps_its_old_file() throws IOException {
        Path work = Files.createDirectory(directory.resolve("work"));
        Files.writeString(work.resolve("file"), "old");
        OutputStream out = Files.newOutputStream(AtomicFiles.atomic(work.resolve("file")));
        out.write(NEW);
        Path moved = Files.move(work, directory.resolve("moved"));
        AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
        assertEquals(Outcome.NOT_COMMITTED, e.outcome());
        assertEquals("old", Files.readString(moved.resolve("file")));
        Files.writeString(AtomicFiles.atomic(moved.resolve("file")), "new"); // its lock is free by now
        assertEquals(List.of("file"), names(moved));
    }

    private static ChildProcess.Result run(List<String> prefix, Class<?> program, Path file) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(ChildProcess.program(program, file.toString()));
        return ChildProcess.run(command, null);
    }

    private static List<String> limited(String option, int value) {
        return List.of("bash", "-c", "ulimit " + option + " " + value + "; exec \"$@\"", "bash");
    }

    /** Ends without any cleaning up, in the middle of a write. */
    static final class HaltsHalfWay {
        public static void main(String[] arguments) throws IOException {
            OutputStream out = Files.newOutputStream(AtomicFiles.atomic(Path.of(arguments[0])));
            out.write(NEW);
            Runtime.getRuntime().halt(0);
        }
    }

    /** Writes, and prints what happens. */
    static final class TryToWrite {
        public static void main(String[] arguments) {
            try {
                Files.write(AtomicFiles.atomic(Path.of(arguments[0])), NEW);
                System.out.println("written");
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }

    @Test
    void a_write_that_is_cut_short_by_a_limit_keeps_the_old_file() throws IOException {
        Needs.command("bash");
        Path plain = Files.writeString(directory.resolve("file"), "old");
        ChildProcess.Result result = run(limited("-f", 40), TryToWrite.class, plain); // KiB
        assertTrue(result.out().contains("too large"), result.out());
        assertEquals("old", Files.readString(plain));
        assertEquals(List.of("file"), names(directory));
    }

    /** Loses the right to change the directory in the middle of a write. */
    static final class LosesPermission {
        public static void main(String[] arguments) throws IOException {
            Path plain = Path.of(arguments[0]);
            OutputStream out = Files.newOutputStream(AtomicFiles.atomic(plain));
            out.write(NEW);
            Files.setPosixFilePermissions(plain.getParent(), PosixFilePermissions.fromString("r-xr-xr-x"));
            try {
                out.close();
            } catch (AtomicCommitException e) {
                System.out.println(e.outcome() + " " + e.getMessage() + " " + List.of(e.getSuppressed()));
            }
            Files.setPosixFilePermissions(plain.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.write(AtomicFiles.atomic(plain), NEW);
        }
    }

    @Test
    void a_permission_that_is_taken_away_keeps_the_old_file_and_the_next_writer_goes_on(@TempDir Path copies)
            throws IOException {
        Needs.root();
        Path work = Files.createDirectory(directory.resolve("work"));
        Path plain = Files.writeString(work.resolve("file"), "old");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Path path : List.of(work, plain)) {
            Files.setAttribute(path, "unix:uid", UnprivilegedUser.UID);
        }
        ChildProcess.Result result =
                ChildProcess.run(UnprivilegedUser.program(copies, LosesPermission.class, plain.toString()), null);
        assertTrue(result.err().contains("org.atomicfs.keepOwner"), result.err()); // the file's group is root's
        assertTrue(result.out().startsWith("NOT_COMMITTED"), result.out());
        assertTrue(result.out().contains("file.tmp"), "it is told what was left: " + result.out());
        assertEquals(NEW.length, Files.size(plain));
        assertEquals(List.of("file"), names(work));
    }

    /** Opens files until there are no descriptors left, and commits what it could open. */
    static final class OutOfDescriptors {
        public static void main(String[] arguments) throws IOException {
            Path plain = Path.of(arguments[0]);
            loadClasses(AtomicFiles.atomic(plain));
            List<OutputStream> open = new ArrayList<>();
            FileSystemException refused = null;
            while (refused == null) {
                try {
                    Path file = AtomicFiles.atomic(plain.resolveSibling("f" + open.size()));
                    open.add(Files.newOutputStream(file, CREATE_NEW, WRITE, Durability.FULL));
                } catch (FileSystemException e) {
                    refused = e;
                }
            }
            int committed = 0;
            for (OutputStream out : open) {
                try {
                    out.write(1);
                    out.close();
                    committed++;
                } catch (AtomicCommitException e) {
                    Path file = AtomicFiles.plain(((AtomicWrite) out).destination());
                    if ((e.outcome() == Outcome.NOT_COMMITTED) == Files.exists(file)) {
                        throw new AssertionError("it lies", e);
                    }
                }
            }
            System.out.println(refused.getReason() + ", " + (committed > 0));
        }
    }

    /** Those from a directory need descriptors too: succeeds and fails before there are none. */
    private static void loadClasses(Path file) throws IOException {
        Files.write(file, NEW, Durability.FULL);
        try {
            Files.write(file, NEW, CREATE_NEW, WRITE);
        } catch (FileAlreadyExistsException expected) {
            // as it should be
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            Files.delete(AtomicFiles.plain(((AtomicWrite) out).temporary().orElseThrow()));
        } catch (AtomicCommitException expected) {
            // as it should be
        }
    }

    @Test
    void without_file_descriptors_opening_fails_and_leaves_nothing() throws IOException {
        Needs.command("bash");
        Path plain = Files.writeString(directory.resolve("file"), "old");
        ChildProcess.Result result = run(limited("-n", 100), OutOfDescriptors.class, plain);
        assertEquals(0, result.status(), result.err());
        assertEquals("Too many open files, true\n", result.out());
        List<String> left = names(directory);
        assertTrue(left.stream().allMatch(name -> name.matches("f(ile|\\d+)")), left::toString);
    }

    @Test
    void an_old_link_in_place_of_an_anchor_is_not_ours_to_remove() throws IOException {
        Path plain = directory.resolve("file");
        String anchor;
        try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(plain))) {
            out.write(1);
            anchor = names(directory).stream()
                    .filter(name -> name.startsWith("."))
                    .findFirst()
                    .orElseThrow();
        }
        Path victim = Files.writeString(directory.resolve("victim"), "victim");
        Path planted = Files.createSymbolicLink(directory.resolve(anchor), victim);
        MountedFileSystem.run("touch", "-h", "-d", "2001-01-01", planted.toString());
        assertThrows(FileAlreadyExistsException.class, () -> Files.writeString(AtomicFiles.atomic(plain), "new"));
        assertEquals(List.of(), AtomicFiles.recover(directory));
        assertTrue(Files.isSymbolicLink(planted));
        assertEquals("victim", Files.readString(victim));
        assertEquals(1, Files.size(plain));
    }

    private static OutputStream open(Path plain, OpenOption... options) throws IOException {
        return Files.newOutputStream(AtomicFiles.atomic(plain), options);
    }

    private interface Prank {
        void play(Path plain, Path temporary, Path outside) throws IOException;
    }

    private static final List<Prank> WHILE_WRITING = List.of(
            (plain, temporary, outside) -> Files.delete(temporary),
            (plain, temporary, outside) -> {
                Files.delete(temporary);
                Files.writeString(temporary, "swapped");
            },
            (plain, temporary, outside) -> {
                Files.delete(temporary);
                Files.createSymbolicLink(temporary, outside);
            },
            (plain, temporary, outside) -> {
                Files.delete(temporary);
                Files.createLink(temporary, outside);
            },
            (plain, temporary, outside) -> {
                Files.delete(temporary);
                Files.createDirectory(temporary);
            });

    @Test
    void whatever_is_done_to_a_temporary_nothing_else_is_published_or_written() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("elsewhere")).resolve("victim");
        for (Prank prank : WHILE_WRITING) {
            Path work = Files.createTempDirectory(directory, "work");
            Files.writeString(outside, "victim");
            Path plain = Files.writeString(work.resolve("file"), "old");
            OutputStream out = open(plain);
            out.write(1);
            prank.play(plain, work.resolve("file.tmp"), outside);
            AtomicCommitException e = assertThrows(AtomicCommitException.class, () -> {
                out.write(2);
                out.close();
            });
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertEquals("old", Files.readString(plain));
            assertEquals("victim", Files.readString(outside));
            assertTrue(names(work).stream().noneMatch(name -> name.startsWith(".")), "the anchor is gone");
        }
    }

    @Test
    void a_destination_that_becomes_something_else_is_not_replaced() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("elsewhere")).resolve("victim");
        for (boolean present : List.of(true, false)) {
            for (boolean link : List.of(true, false)) {
                Path work = Files.createTempDirectory(directory, "work");
                Files.writeString(outside, "victim");
                Path plain = work.resolve("file");
                if (present) {
                    Files.writeString(plain, "old");
                }
                OutputStream out = open(plain);
                out.write(1);
                Files.deleteIfExists(plain);
                if (link) {
                    Files.createSymbolicLink(plain, outside);
                } else {
                    Files.createDirectory(plain);
                }
                AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
                assertEquals(Outcome.NOT_COMMITTED, e.outcome());
                assertEquals(link, Files.isSymbolicLink(plain));
                assertEquals("victim", Files.readString(outside));
                assertEquals(List.of("file"), names(work));
            }
        }
    }

    @Test
    void what_is_planted_in_a_temporarys_place_before_is_left_alone() throws IOException {
        Path outside = Files.writeString(directory.resolve("victim"), "victim");
        for (boolean dangling : List.of(true, false)) {
            Path work = Files.createTempDirectory(directory, "work");
            Path plain = Files.writeString(work.resolve("file"), "old");
            Path target = dangling ? directory.resolve("nothing") : outside;
            Path planted = Files.createSymbolicLink(work.resolve("file.tmp"), target);
            FileAlreadyExistsException e = assertThrows(FileAlreadyExistsException.class, () -> open(plain));
            assertTrue(e.getMessage().contains(planted.toString()), e.getMessage());
            assertEquals("victim", Files.readString(outside));
            assertFalse(Files.exists(directory.resolve("nothing")));
            assertEquals(List.of("file", "file.tmp"), names(work));
        }
    }
}
