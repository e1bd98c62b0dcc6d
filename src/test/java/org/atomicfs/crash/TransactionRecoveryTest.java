package org.atomicfs.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicFiles.Temporary;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;
import org.atomicfs.FileTransaction;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.MountedFileSystem;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Observer;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.atomicfs.testing.UnprivilegedUser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a transaction whose process died, found on a real file system. */
class TransactionRecoveryTest {
    @TempDir
    Path place;

    private Path root;
    private Path one;
    private Path two;

    @BeforeEach
    void lay() throws IOException {
        root = Files.createDirectories(place.resolve("parent/root"));
        one = Files.writeString(root.resolve("one"), "old");
        two = Files.createDirectory(root.resolve("dir")).resolve("two");
        Files.writeString(two, "old");
    }

    /** Ends the JVM at an operation, as a kill does. */
    static final class Dying {
        static ObservedFileSystem.Observer at(int operation) {
            int[] seen = {0};
            return (what, file) -> {
                if (seen[0]++ == operation) {
                    Runtime.getRuntime().halt(9);
                }
            };
        }

        /** Ends it at the first change of a name after the commit point, or before that. */
        static ObservedFileSystem.Observer around(boolean committed) {
            boolean[] passed = {false};
            return (what, file) -> {
                boolean isPoint = what == Operation.MOVE && file.toString().endsWith(".intent");
                if (isPoint && !committed || passed[0] && what == Operation.MOVE) {
                    Runtime.getRuntime().halt(9);
                }
                passed[0] |= isPoint;
            };
        }

        public static void main(String[] arguments) throws IOException {
            Path root = Path.of(arguments[0]);
            switch (arguments[1]) {
                case "recover" ->
                    AtomicFiles.recover(ObservedFileSystem.over(root, at(Integer.parseInt(arguments[2]))));
                case "committed" -> commit(ObservedFileSystem.over(root, around(true)));
                case "begun" -> commit(ObservedFileSystem.over(root, around(false)));
                case "alone" -> {
                    Files.newOutputStream(AtomicFiles.atomic(root.resolve("one")))
                            .write(1);
                    Runtime.getRuntime().halt(9);
                }
                case "live" -> live(root);
                default -> throw new IllegalArgumentException(arguments[1]);
            }
        }

        /** Has two members until its input ends. */
        private static void live(Path root) throws IOException {
            try (FileTransaction transaction = AtomicFiles.transaction(root)) {
                Files.writeString(transaction.path(root.resolve("first")), "new");
                Files.writeString(transaction.path(root.resolve("second")), "new");
                System.out.println("written");
                System.in.read();
            }
        }

        private static void commit(Path root) throws IOException {
            try (FileTransaction transaction = AtomicFiles.transaction(root)) {
                Files.writeString(transaction.path(root.resolve("one")), "new");
                Files.writeString(transaction.path(root.resolve("dir/two")), "new");
                Files.writeString(transaction.path(root.resolve("dir/three")), "new");
                transaction.commit();
            }
        }
    }

    private int die(String... how) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(root.toString()));
        arguments.addAll(List.of(how));
        return ChildProcess.run(ChildProcess.program(Dying.class, arguments.toArray(new String[0])), null)
                .status();
    }

    private Path dieCommitted() throws IOException {
        assertEquals(9, die("committed"));
        assertAll("old");
        return only(".intent");
    }

    private Path only(String ending) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            List<Path> found =
                    all.filter(file -> file.toString().endsWith(ending)).toList();
            assertEquals(1, found.size(), found.toString());
            return found.get(0);
        }
    }

    private void assertAll(String content) throws IOException {
        assertEquals(content, Files.readString(one));
        assertEquals(content, Files.readString(two));
        assertEquals(content.equals("new"), Files.exists(two.resolveSibling("three")));
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            assertEquals(
                    List.of(),
                    all.filter(file -> file.getFileName().toString().startsWith(".")
                                    || file.toString().endsWith(".tmp"))
                            .toList());
        }
    }

    @Test
    void a_member_whose_temporary_was_touched_is_published() throws IOException {
        dieCommitted();
        try (Stream<Path> temporaries = Files.walk(root)) {
            for (Path temporary :
                    temporaries.filter(file -> file.toString().endsWith(".tmp")).toList()) {
                Files.setLastModifiedTime(temporary, FileTime.from(Instant.EPOCH));
            }
        }
        AtomicFiles.recover(root);
        assertAll("new");
        assertNothingLeft();
    }

    @Test
    void a_member_whose_temporary_was_changed_is_not_lost_silently() throws IOException {
        Path intent = dieCommitted();
        Path temporary = two.resolveSibling("two.tmp");
        Files.writeString(temporary, "changed by another program");
        IOException thrown = assertThrows(IOException.class, () -> AtomicFiles.recover(root));
        assertTrue(String.valueOf(thrown).contains(temporary.toString()), thrown::toString);
        assertTrue(Files.exists(intent));
        Files.writeString(temporary, "new");
        AtomicFiles.recover(root);
        assertAll("new");
        assertNothingLeft();
    }

    private static String refused(Executable action) {
        return assertThrows(FileSystemException.class, action).getMessage();
    }

    @Nested
    class A_committed_one {
        @Test
        void is_completed_by_recover_of_its_root() throws IOException {
            Path intent = dieCommitted();
            assertEquals(List.of(intent), AtomicFiles.recover(root));
            assertAll("new");
            assertNothingLeft();
            assertEquals(List.of(), AtomicFiles.recover(root));
        }

        @Test
        void is_completed_by_recover_of_a_directory_of_members() throws IOException {
            Path intent = dieCommitted();
            assertEquals(List.of(intent), AtomicFiles.recover(two.getParent()));
            assertAll("new");
            assertNothingLeft();
        }

        @Test
        void is_completed_by_the_next_transaction() throws IOException {
            dieCommitted();
            AtomicFiles.transaction(root).close();
            assertAll("new");
            assertNothingLeft();
        }

        @Test
        void is_completed_by_the_next_writer_of_a_member() throws IOException {
            dieCommitted();
            Files.writeString(AtomicFiles.atomic(two), "next");
            assertEquals("new", Files.readString(one));
            assertEquals("new", Files.readString(two.resolveSibling("three")));
            assertEquals("next", Files.readString(two));
            assertNothingLeft();
        }

        @Test
        void is_told_of() throws IOException {
            Path intent = dieCommitted();
            List<Temporary> found = AtomicFiles.temporaries(two.getParent());
            assertTrue(found.contains(new Temporary(intent, Temporary.State.COMMITTED)), found.toString());
            assertAll("old");
        }

        @Test
        void is_completed_whenever_its_recovery_dies() throws IOException {
            for (int operation = 0; ; operation++) {
                dieCommitted();
                int status = die("recover", Integer.toString(operation));
                AtomicFiles.recover(root);
                AtomicFiles.recover(two.getParent());
                assertAll("new");
                assertNothingLeft();
                if (status == 0) {
                    assertTrue(operation > 8, "only " + operation + " operations");
                    return;
                }
                operation += 2; // each third one: a child JVM takes a while
                Files.writeString(one, "old");
                Files.writeString(two, "old");
                Files.delete(two.resolveSibling("three"));
            }
        }

        @Test
        void is_completed_where_its_root_was_moved_to_with_all_members() throws IOException {
            dieCommitted();
            Path moved = Files.move(place.resolve("parent"), place.resolve("moved"));
            AtomicFiles.recover(moved.resolve("root/dir"));
            assertEquals("new", Files.readString(moved.resolve("root/one")));
            assertEquals("new", Files.readString(moved.resolve("root/dir/two")));
            assertNothingLeft();
        }

        @Test
        void of_another_version_is_refused() throws IOException {
            Path intent = dieCommitted();
            Files.writeString(intent, Files.readString(intent).replace("intent 1\n", "intent 2\n"));
            for (Executable way : List.<Executable>of(
                    () -> AtomicFiles.recover(root),
                    () -> AtomicFiles.recover(two.getParent()),
                    () -> AtomicFiles.transaction(root),
                    () -> Files.writeString(AtomicFiles.atomic(two), "next"))) {
                String message = refused(way);
                assertTrue(message.contains("version 2"), message);
                assertTrue(message.contains("knows 1 alone"), message);
                assertAll("old");
            }
        }

        @Test
        void that_is_damaged_is_refused_and_discarded_when_a_person_deletes_it() throws IOException {
            Path intent = dieCommitted();
            Files.writeString(intent, Files.readString(intent).replace(" three ", " thre% "));
            assertTrue(refused(() -> AtomicFiles.recover(root)).contains("checksum"));
            Files.delete(intent);
            AtomicFiles.recover(root);
            AtomicFiles.recover(two.getParent());
            assertAll("old");
            assertNothingLeft();
        }

        @Test
        void of_another_user_is_refused() throws IOException {
            Needs.root();
            dieCommitted();
            try (Stream<Path> all = Files.walk(root)) {
                for (Path file : all.toList()) {
                    Files.setAttribute(file, "unix:uid", UnprivilegedUser.UID, LinkOption.NOFOLLOW_LINKS);
                }
            }
            for (Executable way : List.<Executable>of(
                    () -> AtomicFiles.recover(root),
                    () -> AtomicFiles.recover(two.getParent()),
                    () -> Files.writeString(AtomicFiles.atomic(two), "next"))) {
                String message = refused(way);
                assertTrue(message.contains("belongs to user " + UnprivilegedUser.UID), message);
                assertAll("old");
            }
            for (Path directory : List.of(root, two.getParent())) { // to look is not refused
                List<AtomicFiles.Temporary> found = AtomicFiles.temporaries(directory);
                assertFalse(found.isEmpty());
                assertTrue(
                        found.stream().allMatch(each -> each.state() == AtomicFiles.Temporary.State.UNKNOWN),
                        found.toString());
            }
        }

        @Test
        void whose_member_has_lost_its_directory_is_refused_and_does_the_rest() throws IOException {
            Path intent = dieCommitted();
            Path elsewhere = Files.move(two.getParent(), place.resolve("elsewhere"));
            String message = refused(() -> AtomicFiles.recover(root));
            assertTrue(message.contains("directory " + two.getParent()), message);
            assertEquals("new", Files.readString(one));
            assertTrue(Files.exists(intent));
            Files.move(elsewhere, two.getParent());
            AtomicFiles.recover(root);
            assertAll("new");
            assertNothingLeft();
        }

        @Test
        void is_not_taken_for_ended_while_its_root_is_away() throws IOException {
            dieCommitted();
            Path other = Files.createDirectory(place.resolve("other"));
            Path pointer = only(".pointer");
            Path away = Files.move(pointer, other.resolve(pointer.getFileName())); // it leads to ".."
            String message = refused(() -> AtomicFiles.recover(other));
            assertTrue(message.contains("is not there, or is another one"), message);
            Files.move(away, pointer);
            AtomicFiles.recover(two.getParent());
            assertAll("new");
        }

        @Test
        void leaves_what_another_program_has_written_since() throws IOException {
            dieCommitted();
            Path other = Files.writeString(root.resolve("other"), "later");
            Files.move(other, one, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            AtomicFiles.recover(root);
            assertEquals("later", Files.readString(one));
            assertEquals("new", Files.readString(two));
            assertNothingLeft();
        }
    }

    @Nested
    class One_that_is_not_committed {
        @Test
        void is_discarded_by_recover_of_its_root() throws IOException {
            assertEquals(9, die("begun"));
            AtomicFiles.recover(root);
            assertAll("old");
            assertNothingLeft();
        }

        @Test
        void is_discarded_by_the_next_writer_of_a_member() throws IOException {
            assertEquals(9, die("begun"));
            Files.writeString(AtomicFiles.atomic(two), "next");
            assertEquals("next", Files.readString(two));
            assertEquals("old", Files.readString(one));
            assertFalse(Files.exists(two.resolveSibling("three")));
            assertNothingLeft();
        }

        @Test
        void is_discarded_by_the_next_transaction_in_its_root_in_all_directories() throws IOException {
            assertEquals(9, die("begun"));
            AtomicFiles.transaction(root).close();
            assertAll("old");
            assertNothingLeft();
        }

        @Test
        void is_told_of_with_all_that_was_removed() throws IOException {
            assertEquals(9, die("begun"));
            Path begun = only(".intent.tmp");
            List<Path> removed = AtomicFiles.recover(root);
            assertEquals(
                    List.of(begun, root.resolve("dir/three.tmp"), root.resolve("dir/two.tmp"), root.resolve("one.tmp")),
                    removed.stream().sorted().toList());
            assertEquals(List.of(), AtomicFiles.recover(root));
            assertEquals(List.of(), AtomicFiles.recover(two.getParent()));
        }

        @Test
        void is_kept_in_mind_when_a_directory_cannot_be_cleaned() throws IOException {
            assertEquals(9, die("begun"));
            Path begun = only(".intent.tmp");
            Path refusing = ObservedFileSystem.over(root, (what, file) -> {
                if (what == Operation.DELETE && file.toString().endsWith("two.tmp")) {
                    throw new FileSystemException(file.toString(), null, "refused");
                }
            });
            AtomicFiles.transaction(refusing).close();
            assertTrue(Files.exists(begun));
            assertEquals(
                    "refused",
                    assertThrows(FileSystemException.class, () -> AtomicFiles.recover(refusing))
                            .getReason());
            AtomicFiles.recover(root);
            assertAll("old");
            assertNothingLeft();
        }
    }

    @Nested
    class A_live_one {
        @Test
        void is_left_alone_by_a_recovery_in_another_process() throws IOException {
            try (FileTransaction transaction = AtomicFiles.transaction(root)) {
                Files.writeString(transaction.path(one), "new");
                Files.writeString(transaction.path(two), "new");
                Files.writeString(transaction.path(two.resolveSibling("three")), "new");
                transaction.prepare();
                assertEquals(0, die("recover", "-1"));
                AtomicFiles.recover(two.getParent());
                assertTrue(AtomicFiles.temporaries(root).stream()
                        .allMatch(found -> found.state() == Temporary.State.WRITTEN));
                transaction.commit();
            }
            assertAll("new");
            assertNothingLeft();
        }

        /** Commits members of two directories; returns how often the pointer was to get its name. */
        private int commitDuring(Observer atThePointer) throws IOException {
            int[] pointers = {0};
            Path observed = ObservedFileSystem.over(root, (what, file) -> {
                if (what == Operation.MOVE && file.toString().endsWith(".pointer") && pointers[0]++ == 0) {
                    atThePointer.before(what, file);
                }
            });
            Dying.commit(observed);
            assertAll("new");
            assertNothingLeft();
            return pointers[0];
        }

        @Test
        void is_left_alone_although_its_pointer_has_not_got_its_name() throws IOException {
            assertEquals(1, commitDuring((what, pointer) -> AtomicFiles.recover(two.getParent())));
        }

        @Test
        void is_left_alone_by_another_process_although_its_pointer_has_not_got_its_name() throws IOException {
            assertEquals(1, commitDuring((what, pointer) -> {
                List<String> recovers =
                        ChildProcess.program(Dying.class, two.getParent().toString(), "recover", "-1");
                assertEquals(0, ChildProcess.run(recovers, null).status());
            }));
        }

        @Test
        void writes_its_pointer_again_if_it_was_so_slow_that_it_was_taken_for_a_dead_one() throws IOException {
            assertEquals(
                    2,
                    commitDuring(
                            (what, pointer) -> Files.delete(pointer.resolveSibling(pointer.getFileName() + ".tmp"))));
        }

        @Test
        void of_this_JVM_does_not_keep_what_a_dead_writer_left_from_being_found_and_written_again() throws IOException {
            try (FileTransaction transaction = AtomicFiles.transaction(root)) {
                Files.writeString(transaction.path(two), "new");
                Files.writeString(transaction.path(root.resolve("third")), "new");
                assertEquals(9, die("alone"));
                Path left = root.resolve("one.tmp");
                assertTrue(AtomicFiles.temporaries(root).contains(new Temporary(left, Temporary.State.ABANDONED)));
                assertEquals(List.of(left), AtomicFiles.recover(root));
                assertEquals(9, die("alone"));
                Files.writeString(transaction.path(one), "new");
                transaction.commit();
            }
            assertEquals("new", Files.readString(one));
            assertNothingLeft();
        }

        @Test
        void of_another_process_is_named_where_a_temporary_may_be_its_member() throws IOException {
            assertEquals(9, die("alone"));
            Process live = new ProcessBuilder(ChildProcess.program(Dying.class, root.toString(), "live"))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                assertEquals("written", live.inputReader().readLine());
                String message = refused(() -> Files.writeString(AtomicFiles.atomic(one), "new"));
                assertTrue(message.startsWith(one.toString()), message);
                assertTrue(message.contains(only(".intent.tmp").toString()), message);
                assertEquals(List.of(), AtomicFiles.recover(root));
            } finally {
                live.getOutputStream().close();
                assertEquals(0, ChildProcess.await(live));
            }
            Files.writeString(AtomicFiles.atomic(one), "new");
            assertEquals("new", Files.readString(one));
            assertNothingLeft();
        }

        @Test
        void whose_file_is_unlinked_by_hand_is_not_committed() throws IOException {
            FileTransaction transaction = AtomicFiles.transaction(root);
            Files.writeString(transaction.path(one), "new");
            Files.writeString(transaction.path(two), "new");
            transaction.prepare();
            Files.delete(only(".intent.tmp"));
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertAll("old");
            assertNothingLeft();
        }
    }

    @Nested
    class A_file_system {
        @Test
        void that_is_full_makes_the_commit_fail() throws IOException {
            try (MountedFileSystem mount = MountedFileSystem.tmpfs(1 << 20)) {
                Path old = Files.writeString(mount.directory().resolve("one"), "old");
                FileTransaction transaction = AtomicFiles.transaction(mount.directory());
                assertThrows(IOException.class, () -> {
                    for (int i = 0; ; i++) {
                        String name = i == 0 ? "one" : "f" + i;
                        Files.write(transaction.path(mount.directory().resolve(name)), new byte[100_000]);
                    }
                });
                AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
                assertEquals(Outcome.NOT_COMMITTED, e.outcome());
                try (Stream<Path> all = Files.list(mount.directory())) {
                    assertEquals(List.of(old), all.toList());
                }
                assertEquals("old", Files.readString(old));
            }
        }

        @Test
        void that_has_no_room_for_the_intent_makes_the_preparation_fail() throws IOException {
            try (MountedFileSystem mount = MountedFileSystem.tmpfs(1 << 20)) {
                FileTransaction transaction = AtomicFiles.transaction(mount.directory());
                for (int i = 0; i < 100; i++) {
                    Files.writeString(transaction.path(mount.directory().resolve("member" + i)), "new");
                }
                Path rest = mount.directory().resolve("rest");
                assertThrows(IOException.class, () -> {
                    try (java.io.OutputStream out = Files.newOutputStream(rest)) {
                        while (true) {
                            out.write(new byte[4096]);
                        }
                    }
                });
                AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::prepare);
                assertEquals(Outcome.NOT_COMMITTED, e.outcome());
                try (Stream<Path> all = Files.list(mount.directory())) {
                    assertEquals(List.of(rest), all.toList());
                }
            }
        }

        @Test
        void that_becomes_read_only_after_the_preparation_makes_the_commit_fail() throws IOException {
            try (MountedFileSystem mount = MountedFileSystem.tmpfs(1 << 20)) {
                Path old = Files.writeString(mount.directory().resolve("one"), "old");
                Path other = mount.directory().resolve("two");
                FileTransaction transaction = AtomicFiles.transaction(mount.directory());
                Files.writeString(transaction.path(old), "new");
                Files.writeString(transaction.path(other), "new");
                transaction.prepare();
                // a remount is refused while a file is open for writing, as the transaction's is: so a second mount
                String directory = mount.directory().toString();
                MountedFileSystem.run("mount", "--bind", directory, directory);
                MountedFileSystem.run("mount", "-o", "remount,bind,ro", directory);
                AtomicCommitException e;
                try {
                    e = assertThrows(AtomicCommitException.class, transaction::commit);
                } finally {
                    MountedFileSystem.run("umount", directory);
                }
                assertEquals(Outcome.NOT_COMMITTED, e.outcome());
                assertEquals("old", Files.readString(old));
                assertFalse(Files.exists(other));
                AtomicFiles.recover(mount.directory());
                try (Stream<Path> all = Files.list(mount.directory())) {
                    assertEquals(List.of(old), all.toList());
                }
            }
        }

        @Test
        void may_be_another_one_for_each_member() throws IOException {
            try (MountedFileSystem mount = MountedFileSystem.tmpfs(1 << 20)) {
                Path there = mount.directory().resolve("there");
                for (Durability durability : Durability.values()) {
                    AtomicOptions options =
                            AtomicOptions.builder().durability(durability).build();
                    try (FileTransaction transaction = AtomicFiles.transaction(root, options)) {
                        Files.writeString(transaction.path(one), "new " + durability);
                        Files.writeString(transaction.path(there), "new " + durability);
                        transaction.commit();
                    }
                    assertEquals("new " + durability, Files.readString(one));
                    assertEquals("new " + durability, Files.readString(there));
                }
            }
            assertNothingLeft();
        }

        @Test
        void mounted_on_a_member_makes_the_commit_fail() throws IOException {
            MountedFileSystem.assumePossible();
            MountedFileSystem.run("mount", "--bind", one.toString(), one.toString());
            try {
                FileTransaction transaction = AtomicFiles.transaction(root);
                Files.writeString(transaction.path(two), "new");
                Files.writeString(transaction.path(one), "new");
                AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
                assertEquals(Outcome.NOT_COMMITTED, e.outcome());
                assertTrue(e.getMessage().contains("mounted"), e.getMessage());
            } finally {
                MountedFileSystem.run("umount", one.toString());
            }
            assertAll("old");
            assertNothingLeft();
        }
    }
}
