package org.atomicfs;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.commit.BusyException;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileTransactionTest {
    @TempDir
    Path root;

    private Path one;
    private Path two;
    private Path elsewhere;

    @BeforeEach
    void lay() throws IOException {
        one = root.resolve("one");
        two = Files.createDirectory(root.resolve("dir")).resolve("two");
        elsewhere = Files.createDirectory(root.resolve("elsewhere")).resolve("three");
        Files.writeString(one, "old one");
        Files.writeString(two, "old two");
    }

    /** Whatever happens, nothing but the files themselves is there afterwards. */
    @AfterEach
    void nothing_is_left() throws IOException {
        for (Path file : tree(root).keySet()) {
            assertFalse(file.getFileName().toString().startsWith("."), file.toString());
            assertFalse(file.toString().endsWith(".tmp"), file.toString());
        }
        assertEquals(List.of(), AtomicFiles.pending());
    }

    /** All files below a directory, with their contents. */
    private static Map<Path, String> tree(Path directory) throws IOException {
        Map<Path, String> result = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                result.put(directory.relativize(file), Files.readString(file));
            }
        }
        return result;
    }

    private void assertFiles(String... namesAndContents) throws IOException {
        Map<Path, String> expected = new TreeMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            expected.put(Path.of(namesAndContents[i]), namesAndContents[i + 1]);
        }
        assertEquals(expected, tree(root));
    }

    private void assertOld() throws IOException {
        assertFiles("one", "old one", "dir/two", "old two");
    }

    private FileTransaction begin() throws IOException {
        return AtomicFiles.transaction(root);
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void a_commit_publishes_members_of_several_directories(Durability durability) throws IOException {
        AtomicOptions options = AtomicOptions.builder().durability(durability).build();
        try (FileTransaction transaction = AtomicFiles.transaction(root, options)) {
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            Files.writeString(transaction.path(elsewhere), "new three");
            assertEquals("old one", Files.readString(transaction.path(one)));
            assertEquals("old one", Files.readString(one));
            assertFalse(Files.exists(transaction.path(elsewhere)));
            transaction.commit();
            assertFiles("one", "new one", "dir/two", "new two", "elsewhere/three", "new three");
        }
        assertFiles("one", "new one", "dir/two", "new two", "elsewhere/three", "new three");
    }

    @ParameterizedTest
    @EnumSource(TemporaryName.class)
    void closing_without_a_commit_changes_nothing(TemporaryName name) throws IOException {
        AtomicOptions options = AtomicOptions.builder().temporaryName(name).build();
        try (FileTransaction transaction = AtomicFiles.transaction(root, options)) {
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            transaction.delete(Files.writeString(elsewhere, "three"));
        }
        assertFiles("one", "old one", "dir/two", "old two", "elsewhere/three", "three");
    }

    @Test
    void an_exception_that_leaves_the_block_changes_nothing() throws IOException {
        IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> {
            try (FileTransaction transaction = begin();
                    OutputStream first = Files.newOutputStream(transaction.path(one));
                    OutputStream second = Files.newOutputStream(transaction.path(two))) {
                first.write(1);
                second.write(2);
                throw new IllegalStateException("stop");
            }
        });
        assertEquals("stop", thrown.getMessage());
        assertOld();
    }

    @Test
    void a_rollback_ends_what_is_still_being_written() throws IOException {
        FileTransaction transaction = begin();
        Files.writeString(transaction.path(two), "new two");
        OutputStream out = Files.newOutputStream(transaction.path(one));
        out.write(1);
        transaction.rollback();
        assertOld();
        assertThrows(IOException.class, () -> out.write(2));
        assertThrows(IOException.class, out::close);
        transaction.rollback();
        transaction.close();
    }

    @Test
    void one_member_is_published_alone() throws IOException {
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(one), "new one");
            transaction.commit();
        }
        assertFiles("one", "new one", "dir/two", "old two");
    }

    @Test
    void one_member_is_deleted_alone() throws IOException {
        try (FileTransaction transaction = begin()) {
            transaction.delete(one);
            assertTrue(Files.exists(one));
            transaction.commit();
        }
        assertFiles("dir/two", "old two");
    }

    @Test
    void no_member_is_nothing_to_do() throws IOException {
        try (FileTransaction transaction = begin()) {
            transaction.prepare();
            transaction.commit();
        }
        try (FileTransaction transaction = begin()) {
            transaction.commit();
        }
        assertOld();
    }

    @Test
    void files_are_deleted_with_the_others() throws IOException {
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(elsewhere), "moved");
            transaction.delete(one);
            Files.delete(transaction.path(two));
            assertTrue(Files.exists(one));
            assertTrue(Files.exists(two));
            transaction.commit();
        }
        assertFiles("elsewhere/three", "moved");
    }

    @Test
    void a_link_is_deleted_and_not_what_it_leads_to() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), one);
        try (FileTransaction transaction = begin()) {
            transaction.delete(link);
            Files.writeString(transaction.path(two), "new two");
            transaction.commit();
        }
        assertFalse(Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS));
        assertFiles("one", "old one", "dir/two", "new two");
    }

    @Test
    void a_link_that_is_written_stays_a_link() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), two);
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(link), "new two");
            Files.writeString(transaction.path(one), "new one");
            assertMemberAlready(() -> Files.writeString(transaction.path(two), "again"));
            transaction.commit();
        }
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new two", Files.readString(two));
        Files.delete(link);
    }

    @Test
    void every_way_to_write_makes_a_member() throws Exception {
        byte[] bytes = "new".getBytes(StandardCharsets.UTF_8);
        Path source = Files.writeString(root.resolve("source"), "copied");
        Path moved = Files.writeString(root.resolve("moved"), "moved");
        try (FileTransaction transaction = begin()) {
            try (FileChannel channel = FileChannel.open(transaction.path(one), WRITE)) {
                channel.write(ByteBuffer.wrap(bytes), 0);
            }
            try (AsynchronousFileChannel channel =
                    AsynchronousFileChannel.open(transaction.path(root.resolve("asynchronous")), CREATE, WRITE)) {
                channel.write(ByteBuffer.wrap(bytes), 0).get();
            }
            Files.write(transaction.path(two), bytes, APPEND);
            Files.write(transaction.path(root.resolve("created")), bytes, CREATE_NEW);
            Files.copy(source, transaction.path(root.resolve("copy")));
            Files.copy(transaction.path(source), transaction.path(root.resolve("copy2")), REPLACE_EXISTING);
            Files.copy(new ByteArrayInputStream(bytes), transaction.path(root.resolve("stream")));
            Files.move(AtomicFiles.atomic(moved), transaction.path(elsewhere));
            assertEquals("old two", Files.readString(two));
            assertTrue(Files.exists(moved));
            assertFalse(Files.exists(elsewhere));
            transaction.commit();
        }
        assertFiles(
                "one", "new one",
                "asynchronous", "new",
                "dir/two", "old twonew",
                "created", "new",
                "copy", "copied",
                "copy2", "copied",
                "stream", "new",
                "source", "copied",
                "elsewhere/three", "moved");
    }

    @Test
    void a_file_is_moved_within_a_transaction() throws IOException {
        try (FileTransaction transaction = begin()) {
            Files.move(transaction.path(one), transaction.path(two), REPLACE_EXISTING, ATOMIC_MOVE);
            assertTrue(Files.exists(one));
            assertEquals("old two", Files.readString(two));
            transaction.commit();
        }
        assertFiles("dir/two", "old one");
    }

    @Test
    void a_plain_file_is_not_moved_since_the_JDK_deletes_it_before_the_commit() throws IOException {
        try (FileTransaction transaction = begin()) {
            FileSystemException e =
                    assertThrows(FileSystemException.class, () -> Files.move(one, transaction.path(elsewhere)));
            assertTrue(e.getMessage().contains("AtomicFiles.atomic(source)"), e.getMessage());
        }
        assertOld();
    }

    @Test
    void deleting_first_and_writing_then_replaces() throws IOException {
        try (FileTransaction transaction = begin()) {
            assertTrue(Files.deleteIfExists(transaction.path(one)));
            assertFalse(Files.deleteIfExists(transaction.path(elsewhere)));
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            transaction.commit();
        }
        assertFiles("one", "new one", "dir/two", "new two");
    }

    @Test
    void deleting_what_was_written_discards_it() throws IOException {
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(elsewhere), "new three");
            Files.delete(transaction.path(elsewhere));
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            Files.delete(transaction.path(two));
            transaction.commit();
        }
        assertFiles("one", "new one");
    }

    @Test
    void attributes_of_a_replaced_file_are_kept() throws IOException {
        Files.setPosixFilePermissions(one, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            transaction.commit();
        }
        assertEquals(
                "rw-r-----", java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(one)));
    }

    @Test
    void opening_without_changing_is_no_member() throws IOException {
        try (FileTransaction transaction = begin()) {
            FileChannel.open(transaction.path(one), READ, WRITE).close();
            Files.writeString(transaction.path(two), "new two");
            Files.writeString(transaction.path(one), "new one");
            transaction.commit();
        }
        assertFiles("one", "new one", "dir/two", "new two");
    }

    @Test
    void names_that_need_escaping_are_published() throws IOException {
        Path directory = Files.createDirectory(root.resolve("dir ä\n%41"));
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(directory.resolve("blank ü\t%20.txt")), "x");
            Files.writeString(transaction.path(one), "new one");
            transaction.commit();
        }
        assertFiles("one", "new one", "dir/two", "old two", "dir ä\n%41/blank ü\t%20.txt", "x");
    }

    @Test
    void temporaries_and_the_intent_are_not_listed() throws IOException {
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            transaction.prepare();
            try (Stream<Path> entries = Files.list(AtomicFiles.atomic(root))) {
                assertEquals(
                        List.of("dir", "elsewhere", "one"),
                        entries.map(entry -> entry.getFileName().toString())
                                .sorted()
                                .toList());
            }
        }
    }

    @Test
    void members_are_written_by_many_threads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (FileTransaction transaction = begin()) {
            List<Future<?>> written = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Path file = (i % 2 == 0 ? root : root.resolve("dir")).resolve("f" + i);
                written.add(threads.submit((Callable<Path>) () -> Files.writeString(transaction.path(file), "new")));
            }
            for (Future<?> write : written) {
                write.get();
            }
            transaction.commit();
        } finally {
            threads.shutdown();
        }
        assertEquals(202, tree(root).size());
        assertEquals("new", Files.readString(root.resolve("dir/f199")));
    }

    @Test
    void writers_exclude_members_and_members_writers() throws IOException {
        try (FileTransaction transaction = begin();
                FileTransaction other = begin()) {
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            transaction.prepare();
            assertThrows(IOException.class, () -> Files.writeString(AtomicFiles.atomic(one), "other"));
            assertThrows(IOException.class, () -> Files.writeString(other.path(two), "other"));
            assertThrows(IOException.class, () -> other.delete(two));
            transaction.commit();
        }
        assertFiles("one", "new one", "dir/two", "new two");
    }

    @Test
    void a_deletion_waits_for_another_writer_if_that_is_asked_for() throws Exception {
        CountDownLatch opened = new CountDownLatch(1);
        CountDownLatch deletes = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> written = other.submit(() -> {
                try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(one))) {
                    opened.countDown();
                    deletes.await();
                    out.write('1');
                }
                return null;
            });
            opened.await();
            try (FileTransaction transaction = begin()) {
                BusyException busy = assertThrows(BusyException.class, () -> transaction.delete(one));
                assertTrue(busy.getMessage().contains("it is being written by"), busy::getMessage);
            }
            AtomicOptions patient =
                    AtomicOptions.builder().busyTimeout(Duration.ofMinutes(1)).build();
            try (FileTransaction transaction = AtomicFiles.transaction(root, patient)) {
                deletes.countDown();
                transaction.delete(one);
                assertEquals("1", Files.readString(one));
                transaction.commit();
            }
            written.get();
        } finally {
            other.shutdownNow();
        }
        assertFiles("dir/two", "old two");
    }

    @Test
    void a_deletion_that_waits_lets_its_transaction_end() throws Exception {
        AtomicOptions patient =
                AtomicOptions.builder().busyTimeout(Duration.ofHours(1)).build();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (FileTransaction transaction = AtomicFiles.transaction(root, patient);
                OutputStream out = Files.newOutputStream(AtomicFiles.atomic(one))) {
            Future<?> deleted = other.submit(() -> {
                transaction.delete(one);
                return null;
            });
            transaction.rollback();
            ((AtomicWrite) out).abort();
            Throwable ended =
                    assertThrows(ExecutionException.class, deleted::get).getCause();
            assertTrue(ended.getMessage().contains(one.toString()), ended::toString);
        } finally {
            other.shutdownNow();
        }
        assertOld();
    }

    /** What another thread does before this file system creates the hidden name of a file for the n-th time. */
    private static Path doing(Path directory, Path file, Map<Integer, Callable<?>> others, ExecutorService other) {
        AtomicInteger creations = new AtomicInteger();
        String hidden = "." + file.getFileName() + "~";
        return ObservedFileSystem.over(directory, (operation, created) -> {
            if (operation == Operation.CREATE
                    && created.getFileName().toString().startsWith(hidden)) {
                Callable<?> done = others.get(creations.incrementAndGet());
                try {
                    if (done != null) {
                        other.submit(done).get();
                    }
                } catch (InterruptedException | ExecutionException e) {
                    throw new IOException(e);
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_member_that_another_writer_gets_between_its_deletion_and_its_writing_has_not_failed(boolean deletedLast)
            throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        List<OutputStream> opened = new ArrayList<>();
        Callable<?> open = () -> opened.add(Files.newOutputStream(AtomicFiles.atomic(one)));
        Callable<?> close = () -> {
            opened.get(0).close();
            return null;
        };
        AtomicOptions patient =
                AtomicOptions.builder().busyTimeout(Duration.ofMinutes(1)).build();
        Path observed = doing(root, one, Map.of(2, open, 3, close), other);
        Path member = observed.resolve("one");
        try (FileTransaction transaction = AtomicFiles.transaction(observed, patient)) {
            if (deletedLast) {
                Files.writeString(transaction.path(member), "new one");
                transaction.delete(member);
            } else {
                transaction.delete(member);
                Files.writeString(transaction.path(member), "new one");
            }
            transaction.commit();
        } finally {
            other.shutdownNow();
        }
        assertEquals(1, opened.size());
        if (deletedLast) {
            assertFiles("dir/two", "old two");
        } else {
            assertFiles("one", "new one", "dir/two", "old two");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_member_that_another_writer_gets_and_keeps_is_neither_written_nor_deleted(boolean deletedLast)
            throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        List<OutputStream> opened = new ArrayList<>();
        Callable<?> open = () -> opened.add(Files.newOutputStream(AtomicFiles.atomic(one)));
        Path observed = doing(root, one, Map.of(2, open), other);
        Path member = observed.resolve("one");
        try (FileTransaction transaction = AtomicFiles.transaction(observed)) {
            Files.writeString(transaction.path(observed.resolve("dir/two")), "new two");
            if (deletedLast) {
                Files.writeString(transaction.path(member), "new one");
                assertThrows(BusyException.class, () -> transaction.delete(member));
            } else {
                transaction.delete(member);
                assertThrows(BusyException.class, () -> Files.writeString(transaction.path(member), "new one"));
            }
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertEquals(member.toString(), e.getFile());
        } finally {
            ((AtomicWrite) opened.get(0)).abort();
            opened.get(0).close();
            other.shutdownNow();
        }
        assertOld();
    }

    @Test
    void a_deletion_is_of_the_file_that_is_there_once_no_other_writer_has_it() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        Callable<?> replace = () -> Files.writeString(AtomicFiles.atomic(one), "other");
        Path observed = doing(root, one, Map.of(1, replace), other);
        try (FileTransaction transaction = AtomicFiles.transaction(observed)) {
            transaction.delete(observed.resolve("one"));
            assertEquals("other", Files.readString(one));
            transaction.commit();
        } finally {
            other.shutdownNow();
        }
        assertFiles("dir/two", "old two");
    }

    @Test
    void a_deletion_of_a_file_that_another_transaction_has_just_deleted_finds_none() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        Callable<?> delete = () -> {
            try (FileTransaction first = begin()) {
                first.delete(one);
                first.commit();
            }
            return null;
        };
        Path observed = doing(root, one, Map.of(1, delete), other);
        try (FileTransaction transaction = AtomicFiles.transaction(observed)) {
            assertThrows(NoSuchFileException.class, () -> transaction.delete(observed.resolve("one")));
            transaction.commit();
        } finally {
            other.shutdownNow();
        }
        assertFiles("dir/two", "old two");
    }

    @Nested
    class A_failed_member {
        @Test
        void fails_the_commit_and_is_named() throws IOException {
            FileTransaction transaction = begin();
            Files.writeString(transaction.path(one), "new one");
            OutputStream out = Files.newOutputStream(transaction.path(two));
            out.write(1);
            ((AtomicWrite) out).markFailed(new IOException("source broke"));
            out.close();
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertEquals(two.toString(), e.getFile());
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertTrue(e.getMessage().contains("source broke"), e.getMessage());
            assertOld();
            transaction.close();
        }

        @Test
        void fails_the_commit_when_it_was_unwound() throws IOException {
            try (FileTransaction transaction = begin()) {
                assertThrows(IllegalStateException.class, () -> {
                    try (OutputStream out = Files.newOutputStream(transaction.path(one))) {
                        out.write(1);
                        throw new IllegalStateException();
                    }
                });
                Files.writeString(transaction.path(two), "new two");
                AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::prepare);
                assertTrue(e.getMessage().contains("an exception was propagating"), e.getMessage());
                assertThrows(IllegalStateException.class, transaction::commit);
            }
            assertOld();
        }

        @Test
        void is_not_one_that_could_not_be_opened() throws IOException {
            try (FileTransaction transaction = begin()) {
                assertThrows(IOException.class, () -> Files.writeString(transaction.path(one), "x", CREATE_NEW));
                Files.writeString(transaction.path(two), "new two");
                transaction.commit();
            }
            assertFiles("one", "old one", "dir/two", "new two");
        }

        @Test
        void may_be_one_whose_file_has_come_meanwhile() throws IOException {
            FileTransaction transaction = begin();
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(elsewhere), "mine", CREATE_NEW);
            Files.writeString(elsewhere, "other");
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertTrue(e.getMessage().contains("three"), e.getMessage());
            assertFiles("one", "old one", "dir/two", "old two", "elsewhere/three", "other");
        }

        @Test
        void may_be_one_that_kept_content_which_was_replaced_meanwhile() throws IOException {
            FileTransaction transaction = begin();
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), " more", APPEND);
            Path other = Files.writeString(root.resolve("other"), "other");
            Files.move(other, two, REPLACE_EXISTING);
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertFiles("one", "old one", "dir/two", "other");
        }

        @Test
        void may_be_one_whose_directory_was_removed_between_prepare_and_commit() throws IOException {
            FileTransaction transaction = begin();
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(elsewhere), "new three");
            transaction.prepare();
            try (Stream<Path> all = Files.list(elsewhere.getParent())) {
                for (Path file : all.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(elsewhere.getParent());
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertOld();
        }

        @Test
        void may_be_one_whose_temporary_was_changed() throws IOException {
            FileTransaction transaction = begin();
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            transaction.prepare();
            Files.writeString(two.resolveSibling("two.tmp"), "something else");
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertTrue(e.getMessage().contains("two.tmp"), e.getMessage());
            assertOld();
        }
    }

    @Test
    void no_temporary_has_the_name_that_a_member_will_have() throws IOException {
        Path temporary = root.resolve("one.tmp");
        Path link = Files.createSymbolicLink(root.resolve("link"), root);
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(temporary), "a member");
            Files.writeString(transaction.path(two), "new two");
            assertThrows(
                    FileAlreadyExistsException.class,
                    () -> Files.writeString(transaction.path(link.resolve("one")), "x"));
            assertThrows(
                    FileAlreadyExistsException.class, () -> Files.writeString(AtomicFiles.atomic(one), "not a member"));
            transaction.commit();
        }
        assertFiles("one", "old one", "one.tmp", "a member", "dir/two", "new two");
        Files.delete(temporary);
        Files.writeString(AtomicFiles.atomic(one), "after it");
        assertFiles("one", "after it", "dir/two", "new two");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void an_interrupt_does_not_stop_a_commit_that_has_begun(int threads) throws IOException {
        AtomicOptions options = AtomicOptions.builder().forceThreads(threads).build();
        try (FileTransaction transaction = AtomicFiles.transaction(root, options)) {
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            transaction.prepare();
            Thread.currentThread().interrupt();
            transaction.commit();
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt is still to be seen");
        }
        assertFiles("one", "new one", "dir/two", "new two");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_interrupt_does_not_stop_a_single_member(boolean deleted) throws IOException {
        AtomicOptions options =
                AtomicOptions.builder().durability(Durability.FULL).build();
        try (FileTransaction transaction = AtomicFiles.transaction(root, options)) {
            if (deleted) {
                transaction.delete(one);
            } else {
                Files.writeString(transaction.path(one), "new one");
            }
            Thread.currentThread().interrupt();
            transaction.commit();
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt is still to be seen");
        }
        assertEquals(deleted ? null : "new one", Files.exists(one) ? Files.readString(one) : null);
    }

    @Test
    void an_interrupt_before_the_members_are_prepared_changes_nothing_or_does_not_count() throws IOException {
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            Thread.currentThread().interrupt();
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt is still to be seen");
        }
        assertOld();
    }

    @Test
    void a_member_with_an_explicit_policy_is_complete_when_it_was_committed() throws IOException {
        try (FileTransaction transaction = begin()) {
            try (OutputStream out = Files.newOutputStream(transaction.path(one), CommitPolicy.EXPLICIT)) {
                out.write("new one".getBytes());
                ((AtomicWrite) out).commit();
                assertEquals(AtomicWrite.Status.PREPARED, ((AtomicWrite) out).status());
            }
            Files.writeString(transaction.path(two), "new two");
            assertOldContent();
            transaction.commit();
        }
        assertFiles("one", "new one", "dir/two", "new two");
    }

    @Test
    void a_member_with_an_explicit_policy_that_was_not_committed_fails_the_commit() throws IOException {
        try (FileTransaction transaction = begin()) {
            try (OutputStream out = Files.newOutputStream(transaction.path(one), CommitPolicy.EXPLICIT)) {
                out.write("new one".getBytes());
            }
            Files.writeString(transaction.path(two), "new two");
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertEquals(one.toString(), e.getFile());
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
        }
        assertOld();
    }

    @Test
    void what_it_has_beside_its_members_is_not_listed() throws IOException {
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            Path within = transaction.path(two.getParent());
            for (int i = 0; i < 2; i++) {
                assertEquals(List.of("dir", "elsewhere", "one"), DirectoryListing.names(AtomicFiles.atomic(root)));
                assertEquals(List.of("two"), DirectoryListing.names(AtomicFiles.atomic(two.getParent())));
                assertEquals(List.of("two"), DirectoryListing.names(within));
                transaction.prepare();
            }
        }
        assertOld();
    }

    private void assertOldContent() throws IOException {
        assertEquals("old one", Files.readString(one));
        assertEquals("old two", Files.readString(two));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_archive_is_not_opened_by_the_zip_file_system(boolean exists) throws IOException {
        Path archive = elsewhere.resolveSibling("archive.zip");
        if (exists) {
            FileSystems.newFileSystem(archive, Map.of("create", "true")).close();
        }
        try (FileTransaction transaction = begin()) {
            FileSystemException e = assertThrows(
                    FileSystemException.class,
                    () -> FileSystems.newFileSystem(transaction.path(archive), Map.of("create", "true")));
            assertEquals(archive.toString(), e.getFile());
            assertTrue(e.getReason().contains("ZipOutputStream"), e.getMessage());
            Files.writeString(transaction.path(one), "new one");
            Files.writeString(transaction.path(two), "new two");
            transaction.commit();
        }
        assertEquals("new one", Files.readString(one));
        assertEquals(exists, Files.exists(archive));
        FileSystems.newFileSystem(AtomicFiles.atomic(archive), Map.of("create", "true"))
                .close(); // by itself as ever
    }

    @Test
    void a_directory_is_not_written_at_once_by_a_transaction() throws IOException {
        Path directory = root.resolve("directory");
        try (FileTransaction transaction = begin()) {
            FileSystemException e = assertThrows(
                    FileSystemException.class,
                    () -> AtomicFiles.writeDirectory(transaction.path(directory), filled -> {
                        throw new AssertionError("was called");
                    }));
            assertEquals(directory.toString(), e.getFile());
            assertTrue(e.getReason().contains("cannot be a member"), e.getMessage());
        }
        assertFalse(Files.exists(directory));
        assertOld();
    }

    @Test
    void a_member_is_not_written_on_condition_that_its_content_differs() throws IOException {
        try (FileTransaction transaction = begin()) {
            FileSystemException e = assertThrows(
                    FileSystemException.class,
                    () -> AtomicFiles.writeIfChanged(transaction.path(one), out -> {
                        throw new AssertionError("was called");
                    }));
            assertEquals(one.toString(), e.getFile());
            assertTrue(e.getReason().contains("compare it first"), e.getMessage());
            Files.writeString(transaction.path(one), "new one");
            transaction.commit();
        }
        assertEquals("new one", Files.readString(one));
    }

    @Test
    void directories_are_made_and_deleted_at_once() throws IOException {
        Path made = root.resolve("made");
        Path deleted = Files.createDirectory(root.resolve("deleted"));
        try (FileTransaction transaction = begin()) {
            Files.createDirectory(transaction.path(made));
            Files.delete(transaction.path(deleted));
            FileSystemException e = assertThrows(
                    FileSystemException.class,
                    () -> Files.move(transaction.path(made), transaction.path(root.resolve("moved"))));
            assertTrue(e.getReason().contains("only regular files"), e.getMessage());
        }
        assertTrue(Files.isDirectory(made));
        assertFalse(Files.exists(deleted));
        assertOld();
    }

    @Test
    void a_provider_without_file_channels_is_refused_with_what_it_lacks() throws IOException {
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
            Path directory = ObservedFileSystem.withoutFileChannels(memory.getPath("/work"));
            try (FileTransaction transaction = AtomicFiles.transaction(directory)) {
                Files.writeString(transaction.path(directory.resolve("one")), "new");
                FileSystemException e = assertThrows(
                        FileSystemException.class,
                        () -> Files.writeString(transaction.path(directory.resolve("two")), "new"));
                assertTrue(e.getMessage().contains("newFileChannel"), e.getMessage());
            }
            assertEquals(List.of(), DirectoryListing.names(memory.getPath("/work")));
        }
    }

    @Test
    void a_file_is_not_moved_to_itself() throws IOException {
        Path same = Files.createLink(elsewhere, one);
        try (FileTransaction transaction = begin()) {
            Files.move(transaction.path(one), transaction.path(one));
            Files.move(transaction.path(one), transaction.path(same), StandardCopyOption.REPLACE_EXISTING);
            transaction.commit();
        }
        assertFiles("one", "old one", "dir/two", "old two", "elsewhere/three", "old one");
    }

    @Test
    void what_a_transaction_has_written_is_not_moved_by_it() throws IOException {
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(one), "new one");
            assertMemberAlready(() -> Files.move(transaction.path(one), transaction.path(elsewhere)));
            transaction.commit();
        }
        assertFiles("one", "new one", "dir/two", "old two");
    }

    @Test
    void a_move_that_fails_leaves_no_half_of_it() throws IOException {
        try (FileTransaction transaction = begin()) {
            assertThrows(
                    FileAlreadyExistsException.class, () -> Files.move(transaction.path(one), transaction.path(two)));
            try (OutputStream other = Files.newOutputStream(AtomicFiles.atomic(one))) {
                assertThrows(
                        FileAlreadyExistsException.class,
                        () -> Files.move(transaction.path(one), transaction.path(elsewhere)));
                other.write('x');
            }
            transaction.commit();
        }
        assertFiles("one", "x", "dir/two", "old two");
    }

    @Test
    void a_link_that_is_to_be_deleted_is_not_written_through() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), one);
        try (FileTransaction transaction = begin()) {
            transaction.delete(link);
            assertMemberAlready(() -> Files.writeString(transaction.path(link), "x"));
            transaction.commit();
        }
        assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
        assertOld();
    }

    @Test
    void a_deletion_is_not_forgotten_when_the_file_is_opened_and_not_written() throws IOException {
        try (FileTransaction transaction = begin()) {
            transaction.delete(one);
            Files.newByteChannel(transaction.path(one), WRITE).close();
            AtomicCommitException e = assertThrows(AtomicCommitException.class, transaction::commit);
            assertEquals(one.toString(), e.getFile());
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
        }
        assertOld();
    }

    @Test
    void a_deletion_that_is_refused_discards_nothing() throws IOException {
        try (FileTransaction transaction = begin()) {
            Files.writeString(transaction.path(elsewhere), "x");
            Files.writeString(transaction.path(one), "new one");
            Files.createDirectory(elsewhere);
            assertThrows(FileSystemException.class, () -> transaction.delete(elsewhere));
            assertThrows(AtomicCommitException.class, transaction::commit);
        }
        Files.delete(elsewhere);
        assertOld();
    }

    private static void assertMemberAlready(org.junit.jupiter.api.function.Executable write) {
        FileSystemException e = assertThrows(FileSystemException.class, write);
        assertTrue(e.getMessage().contains("a member of this transaction already"), e.getMessage());
    }

    @Nested
    class Wrong_use {
        @Test
        void a_second_commit() throws IOException {
            FileTransaction transaction = begin();
            Files.writeString(transaction.path(one), "new one");
            transaction.commit();
            for (Executable again : List.<Executable>of(transaction::commit, transaction::rollback)) {
                IllegalStateException e = assertThrows(IllegalStateException.class, again);
                assertEquals("the transaction is committed already", e.getMessage());
            }
            transaction.close();
        }

        @Test
        void a_commit_after_a_rollback() throws IOException {
            FileTransaction transaction = begin();
            Files.writeString(transaction.path(one), "new one");
            transaction.rollback();
            IllegalStateException e = assertThrows(IllegalStateException.class, transaction::commit);
            assertEquals("the transaction was rolled back, or its commit failed", e.getMessage());
            assertOld();
        }

        @Test
        void a_path_after_the_commit() throws IOException {
            FileTransaction transaction = begin();
            Path path = transaction.path(one);
            transaction.commit();
            assertThrows(IllegalStateException.class, () -> transaction.path(two));
            assertThrows(FileSystemException.class, () -> Files.writeString(path, "x"));
            assertThrows(FileSystemException.class, () -> transaction.delete(two));
            assertOld();
        }

        @Test
        void a_path_after_the_preparation() throws IOException {
            try (FileTransaction transaction = begin()) {
                Path path = transaction.path(one);
                transaction.prepare();
                assertThrows(IllegalStateException.class, () -> transaction.path(two));
                assertThrows(FileSystemException.class, () -> Files.writeString(path, "x"));
            }
        }

        @Test
        void the_same_file_twice() throws IOException {
            try (FileTransaction transaction = begin()) {
                Files.writeString(transaction.path(one), "new one");
                assertMemberAlready(() -> Files.writeString(transaction.path(one), "again"));
                try (OutputStream out = Files.newOutputStream(transaction.path(two), TemporaryName.UNIQUE)) {
                    out.write(1);
                    assertMemberAlready(() -> Files.newOutputStream(transaction.path(two), TemporaryName.UNIQUE));
                }
                transaction.delete(Files.writeString(elsewhere, "x"));
                assertMemberAlready(() -> transaction.delete(elsewhere));
            }
            Files.delete(elsewhere);
            assertOld();
        }

        @Test
        void a_commit_while_a_member_is_open() throws IOException {
            try (FileTransaction transaction = begin();
                    OutputStream out = Files.newOutputStream(transaction.path(one))) {
                out.write(1);
                IllegalStateException e = assertThrows(IllegalStateException.class, transaction::commit);
                assertTrue(e.getMessage().contains(one.toString()), e.getMessage());
            }
            assertOld();
        }

        @Test
        void no_root() {
            assertThrows(NoSuchFileException.class, () -> AtomicFiles.transaction(root.resolve("none")));
            assertThrows(NotDirectoryException.class, () -> AtomicFiles.transaction(one));
        }

        @Test
        void a_member_of_another_file_system() throws IOException {
            try (FileTransaction transaction = begin();
                    FileSystem other = Jimfs.newFileSystem(Configuration.unix())) {
                assertThrows(ProviderMismatchException.class, () -> transaction.path(other.getPath("x")));
                assertThrows(
                        ProviderMismatchException.class,
                        () -> transaction.delete(AtomicFiles.atomic(other.getPath("x"))));
            }
        }

        @Test
        void files_that_cannot_be_members() throws IOException {
            try (FileTransaction transaction = begin()) {
                assertThrows(FileSystemException.class, () -> transaction.delete(root.resolve("dir")));
                assertThrows(FileSystemException.class, () -> transaction.delete(root.getRoot()));
                assertThrows(NoSuchFileException.class, () -> transaction.delete(elsewhere));
                assertThrows(
                        FileSystemException.class,
                        () -> Files.newOutputStream(transaction.path(one), CREATE, WRITE, DELETE_ON_CLOSE));
                assertThrows(
                        FileSystemException.class, () -> Files.newOutputStream(transaction.path(Path.of("/dev/null"))));
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> Files.createLink(transaction.path(elsewhere), transaction.path(one)));
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> transaction.path(one).getFileSystem().close());
            }
            assertOld();
        }
    }
}
