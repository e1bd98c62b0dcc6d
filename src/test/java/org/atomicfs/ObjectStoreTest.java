package org.atomicfs;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.ObjectStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written to an object store is uploaded once, when it is complete; and nothing is uploaded otherwise. */
class ObjectStoreTest {
    @TempDir
    Path staging;

    private ObjectStore store;

    @BeforeEach
    void open() {
        store = new ObjectStore();
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        assertEquals(List.of(), AtomicFiles.pending());
        assertEquals(List.of(), DirectoryListing.names(staging));
    }

    private Path atomic(String name) {
        Path plain = store.object(name);
        return AtomicFiles.wrap(
                        plain.getFileSystem(),
                        AtomicOptions.builder().stagingDirectory(staging).build())
                .getPath(plain.toString());
    }

    private Path existing(String name, String content) throws IOException {
        Files.writeString(store.object(name), content);
        store.calls().clear();
        return atomic(name);
    }

    private String read(String name) throws IOException {
        return Files.readString(store.object(name));
    }

    private boolean exists(String name) {
        return Files.exists(store.object(name));
    }

    @Nested
    class Success {
        @Test
        void is_one_upload_with_all_of_the_content() throws IOException {
            byte[] content = new byte[300_000];
            content[299_999] = 1;
            Path object = atomic("d/new");
            try (OutputStream out = Files.newOutputStream(object)) {
                for (int at = 0; at < content.length; at += 1000) {
                    out.write(content, at, 1000);
                }
                assertFalse(exists("d/new"));
                assertEquals(List.of(), store.calls());
            }
            assertEquals(List.of("open new [CREATE, TRUNCATE_EXISTING, WRITE]", "end new 300000"), store.calls());
            assertEquals(-1, java.util.Arrays.mismatch(content, Files.readAllBytes(store.object("d/new"))));
        }

        @Test
        void replaces_an_object_that_is_read_as_the_old_one_until_then() throws IOException {
            Path object = existing("x", "old, and longer than the new one");
            try (OutputStream out = Files.newOutputStream(object)) {
                out.write("new".getBytes());
                assertEquals("old, and longer than the new one", Files.readString(object));
            }
            assertEquals("new", read("x"));
        }

        @Test
        void through_every_kind_of_channel() throws Exception {
            try (FileChannel out = FileChannel.open(atomic("file"), CREATE, WRITE, READ)) {
                out.write(ByteBuffer.wrap("content".getBytes()));
                ByteBuffer read = ByteBuffer.allocate(7);
                out.read(read, 0);
                assertEquals("content", new String(read.array()));
            }
            try (SeekableByteChannel out = Files.newByteChannel(atomic("bytes"), CREATE, WRITE)) {
                out.write(ByteBuffer.wrap("content".getBytes()));
                out.position(2);
                out.write(ByteBuffer.wrap("XX".getBytes()));
            }
            try (AsynchronousFileChannel out = AsynchronousFileChannel.open(atomic("asynchronous"), CREATE, WRITE)) {
                out.write(ByteBuffer.wrap("content".getBytes()), 0).get();
            }
            assertEquals("content", read("file"));
            assertEquals("coXXent", read("bytes"));
            assertEquals("content", read("asynchronous"));
        }

        @Test
        void of_an_empty_object() throws IOException {
            Files.createFile(atomic("new"));
            Files.newOutputStream(existing("old", "content")).close();
            assertEquals("", read("new"));
            assertEquals("", read("old"));
        }

        @Test
        void with_the_options_that_only_the_provider_knows() throws IOException {
            OpenOption ofProvider = new OpenOption() {
                @Override
                public String toString() {
                    return "MIME";
                }
            };
            Files.write(atomic("x"), new byte[1], CREATE, TRUNCATE_EXISTING, WRITE, ofProvider);
            assertEquals(List.of("open x [CREATE, MIME, TRUNCATE_EXISTING, WRITE]", "end x 1"), store.calls());
        }

        @Test
        void whatever_is_to_be_durable() throws IOException {
            for (Durability durability : Durability.values()) {
                Files.writeString(atomic(durability.name()), "content", CREATE, WRITE, durability);
                assertEquals("content", read(durability.name()));
            }
        }

        @Test
        void by_the_handle_and_by_the_policy() throws IOException {
            OutputStream out = Files.newOutputStream(atomic("explicit"), CommitPolicy.EXPLICIT);
            out.write(1);
            AtomicWrite write = (AtomicWrite) out;
            Path temporary = write.temporary().orElseThrow();
            assertEquals(staging, temporary.getParent());
            assertEquals(atomic("explicit").toString(), write.destination().toString());
            write.commit();
            out.close();
            assertEquals(AtomicWrite.Status.COMMITTED, write.status());
            assertEquals(1, Files.size(store.object("explicit")));
            Files.newOutputStream(atomic("not"), CommitPolicy.EXPLICIT).close();
            assertFalse(exists("not"));
        }

        @Test
        void in_an_interrupted_thread() throws IOException {
            OutputStream out = Files.newOutputStream(atomic("x"));
            out.write(1);
            Thread.currentThread().interrupt();
            out.close();
            assertTrue(Thread.interrupted());
            assertEquals(1, Files.size(store.object("x")));
        }
    }

    @Nested
    class AFailedWrite {
        @Test
        void uploads_nothing() throws IOException {
            Path object = existing("x", "old");
            assertThrows(IllegalStateException.class, () -> {
                try (OutputStream out = Files.newOutputStream(object)) {
                    out.write(1);
                    throw new IllegalStateException("the source broke");
                }
            });
            assertThrows(
                    IOException.class,
                    () -> AtomicFiles.write(object, out -> {
                        out.write(1);
                        throw new IOException("the source broke");
                    }));
            OutputStream aborted = Files.newOutputStream(object);
            aborted.write(1);
            ((AtomicWrite) aborted).abort();
            OutputStream marked = Files.newOutputStream(object);
            marked.write(1);
            assertTrue(AtomicFiles.markFailed(object, null));
            marked.close();
            assertEquals(List.of(), store.calls());
            assertEquals("old", read("x"));
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 1, 70_000})
        void is_one_whose_upload_breaks_and_that_is_never_ended(long failingByte) throws IOException {
            Path object = existing("x", "old");
            store.failAtByte(failingByte);
            OutputStream out = Files.newOutputStream(object);
            out.write(new byte[100_000]);
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertEquals(object.toString(), e.getFile());
            assertTrue(e.getMessage().contains("the connection is broken"), e.getMessage());
            assertEquals(List.of("open x [CREATE, TRUNCATE_EXISTING, WRITE]", "failed"), store.calls());
            assertEquals("old", read("x"));
            store.failAtByte(-1);
            Files.writeString(object, "new");
            assertEquals("new", read("x"));
        }

        private AtomicCommitException fails(ObjectStore.Failure how, OpenOption... options) throws IOException {
            store.failAtTheEnd(how);
            OutputStream out = Files.newOutputStream(atomic("x"), options);
            out.write("the new content".getBytes());
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertEquals(AtomicWrite.Status.DISCARDED, ((AtomicWrite) out).status());
            return e;
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void is_one_that_the_store_refuses(boolean keys) throws IOException {
            existing("x", "old");
            if (!keys) {
                store.haveNoKeys();
            }
            AtomicCommitException e = fails(ObjectStore.Failure.REFUSED);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertEquals("old", read("x"));
        }

        @Test
        void is_none_if_the_object_has_the_content_although_a_failure_was_reported() throws IOException {
            existing("x", "old");
            store.failAtTheEnd(ObjectStore.Failure.ANSWER_LOST);
            Files.writeString(atomic("x"), "the new content");
            assertEquals("the new content", read("x"));
        }

        @Test
        void may_have_created_a_new_object_and_says_that_it_is_not_known_whose_it_is() throws IOException {
            AtomicCommitException e = fails(ObjectStore.Failure.ANSWER_LOST, CREATE_NEW);
            assertEquals(Outcome.UNKNOWN, e.outcome());
            assertEquals("the new content", read("x"));
        }

        @Test
        void says_that_it_is_not_known_what_is_there_if_the_store_does_not_answer() throws IOException {
            existing("x", "old");
            store.beUnreachableAfterFailure();
            AtomicCommitException e = fails(ObjectStore.Failure.ANSWER_LOST);
            assertEquals(Outcome.UNKNOWN, e.outcome());
            assertTrue(e.getMessage().contains("look at it"), e.getMessage());
        }

        @Test
        void says_that_another_writer_was_quicker() throws IOException {
            existing("x", "old");
            AtomicCommitException e = fails(ObjectStore.Failure.REPLACED);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertTrue(e.getMessage().contains("another writer"), e.getMessage());
            assertEquals(ObjectStore.REPLACEMENT, read("x"));
        }

        @ParameterizedTest
        @EnumSource(
                value = ObjectStore.Failure.class,
                names = {"TORN", "DELETED"})
        void keeps_the_last_copy(ObjectStore.Failure how) throws IOException {
            existing("x", "old");
            AtomicCommitException e = fails(how);
            assertEquals(Outcome.INCOMPLETE, e.outcome());
            String kept = DirectoryListing.names(staging).get(0);
            assertTrue(e.getMessage().contains(kept), e.getMessage());
            assertEquals(List.of(), AtomicFiles.recover(staging));
            assertEquals("the new content", Files.readString(staging.resolve(kept)));
            Files.delete(staging.resolve(kept));
        }

        @Test
        void is_one_whose_temporary_another_program_has_changed() throws IOException {
            Path object = existing("x", "old");
            OutputStream out = Files.newOutputStream(object);
            out.write(1);
            Path temporary = ((AtomicWrite) out).temporary().orElseThrow();
            Files.write(temporary, new byte[5], APPEND);
            assertThrows(AtomicCommitException.class, out::close);
            assertEquals(List.of(), store.calls());
        }
    }

    @Nested
    class OldContent {
        @Test
        void is_appended_to() throws IOException {
            Path object = existing("x", "old");
            Files.writeString(object, "+1", APPEND);
            try (SeekableByteChannel out = Files.newByteChannel(object, APPEND)) {
                out.write(ByteBuffer.wrap("+2".getBytes()));
            }
            try (AsynchronousFileChannel out = AsynchronousFileChannel.open(object, WRITE)) {
                out.write(ByteBuffer.wrap("O".getBytes()), 0).get();
            } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                throw new AssertionError(e);
            }
            assertEquals("Old+1+2", read("x"));
            Files.writeString(atomic("new"), "first", CREATE, APPEND);
            assertEquals("first", read("new"));
        }

        @Test
        void is_changed_and_read() throws IOException {
            Path object = existing("x", "0123456789");
            try (FileChannel channel = FileChannel.open(object, READ, WRITE)) {
                assertEquals(0, channel.position());
                assertEquals(10, channel.size());
                channel.write(ByteBuffer.wrap("XX".getBytes()), 3);
                channel.truncate(8);
                ByteBuffer read = ByteBuffer.allocate(8);
                channel.read(read);
                assertEquals("012XX567", new String(read.array()));
                assertEquals("0123456789", read("x"));
            }
            assertEquals("012XX567", read("x"));
        }

        @Test
        void stays_and_is_not_uploaded_again_if_nothing_was_changed() throws IOException {
            Path object = existing("x", "old");
            Files.newByteChannel(object, READ, WRITE).close();
            Files.newOutputStream(object, APPEND).close();
            assertThrows(IllegalStateException.class, () -> {
                try (SeekableByteChannel unchanged = Files.newByteChannel(object, WRITE)) {
                    assertEquals(3, unchanged.size());
                    throw new IllegalStateException("thrown");
                }
            });
            assertEquals(List.of(), store.calls());
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void is_not_that_of_another_object(boolean keys) throws IOException {
            if (!keys) {
                store.haveNoKeys();
            }
            Path object = existing("x", "old");
            OutputStream out = Files.newOutputStream(object, APPEND);
            out.write(1);
            Files.writeString(store.object("x"), "replaced by another program");
            store.calls().clear();
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertTrue(e.getMessage().contains("replaced"), e.getMessage());
            assertEquals("replaced by another program", read("x"));
            assertEquals(List.of(), store.calls());
        }
    }

    @Nested
    class ANewObject {
        @Test
        void is_refused_at_open_and_again_before_it_is_uploaded() throws IOException {
            existing("x", "old");
            assertThrows(FileAlreadyExistsException.class, () -> Files.newOutputStream(atomic("x"), CREATE_NEW));
            OutputStream out = Files.newOutputStream(atomic("late"), CREATE_NEW);
            out.write(1);
            Files.writeString(store.object("late"), "theirs");
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertInstanceOf(FileAlreadyExistsException.class, e.getCause());
            assertEquals("theirs", read("late"));
        }

        @Test
        void is_refused_by_the_store_if_it_comes_during_the_upload() throws IOException {
            OutputStream out = Files.newOutputStream(atomic("x"), CREATE_NEW);
            out.write(1);
            store.failAtTheEnd(ObjectStore.Failure.REPLACED);
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertInstanceOf(FileAlreadyExistsException.class, e.getCause());
            assertEquals(List.of("open x [CREATE_NEW, WRITE]", "end x 1", "failed"), store.calls());
            assertEquals(ObjectStore.REPLACEMENT, read("x"));
        }

        @Test
        void is_written_if_absent() throws IOException {
            assertTrue(AtomicFiles.writeIfAbsent(atomic("x"), out -> out.write(1)));
            assertFalse(AtomicFiles.writeIfAbsent(atomic("x"), out -> out.write(2)));
            assertEquals(1, Files.readAllBytes(store.object("x"))[0]);
        }
    }

    @Nested
    class Copies {
        @Test
        void in() throws IOException {
            Path source = Files.writeString(staging.resolve("source"), "content");
            try {
                Files.copy(source, atomic("path"));
                Files.copy(source, atomic("path"), REPLACE_EXISTING, COPY_ATTRIBUTES);
                Files.copy(AtomicFiles.atomic(source), existing("old", "old"), REPLACE_EXISTING);
                Files.copy(new ByteArrayInputStream("content".getBytes()), atomic("stream"));
                Path replaced = existing("replaced", "old");
                Files.copy(new ByteArrayInputStream("content".getBytes()), replaced, REPLACE_EXISTING);
                assertThrows(
                        UnsupportedOperationException.class,
                        () -> Files.setLastModifiedTime(atomic("path"), FileTime.fromMillis(0)));
                assertEquals(
                        List.of("open replaced [CREATE, TRUNCATE_EXISTING, WRITE]", "end replaced 7"), store.calls());
                Path moved = Files.writeString(staging.resolve("moved"), "content");
                Files.move(moved, existing("moved", "old"), REPLACE_EXISTING);
                assertFalse(Files.exists(moved));
                for (String name : List.of("moved", "path", "old", "stream", "replaced")) {
                    assertEquals("content", read(name));
                    assertThrows(FileAlreadyExistsException.class, () -> Files.copy(source, atomic(name)));
                }
            } finally {
                Files.delete(source);
            }
        }

        @Test
        void from_a_source_that_breaks_replace_nothing() throws IOException {
            Path object = existing("x", "old");
            InputStream broken = new InputStream() {
                private int left = 1000;

                @Override
                public int read() throws IOException {
                    if (--left < 0) {
                        left = 0;
                        throw new IOException("the source broke");
                    }
                    return 1;
                }
            };
            assertThrows(IOException.class, () -> Files.copy(broken, object, REPLACE_EXISTING));
            assertEquals(List.of(), store.calls());
            assertEquals("old", read("x"));
        }

        @Test
        void within_the_store_and_out() throws IOException {
            Path object = existing("x", "content");
            Files.copy(object, object.resolveSibling("copy"));
            assertEquals("content", read("copy"));
            assertThrows(FileAlreadyExistsException.class, () -> Files.copy(object, object.resolveSibling("copy")));
            Path out = staging.resolve("out");
            Files.copy(object, AtomicFiles.atomic(out));
            assertEquals("content", Files.readString(out));
            Files.delete(out);
        }

        @Test
        void are_complete_before_a_moved_object_is_deleted() throws IOException {
            Path object = existing("x", "content");
            Path target = existing("target", "old").getFileSystem().getPath("/bucket/target");
            Path source = target.resolveSibling(object.getFileName().toString());
            assertThrows(FileAlreadyExistsException.class, () -> Files.move(source, target));
            Files.move(source, target, REPLACE_EXISTING);
            assertEquals("content", read("target"));
            assertFalse(exists("x"));
            assertEquals(
                    List.of("open target [CREATE, TRUNCATE_EXISTING, WRITE]", "end target 7", "delete x"),
                    store.calls());
            Files.move(target, target);
            assertEquals("content", read("target"));
            AtomicMoveNotSupportedException refused = assertThrows(
                    AtomicMoveNotSupportedException.class,
                    () -> Files.move(target, target.resolveSibling("y"), ATOMIC_MOVE));
            assertTrue(refused.getMessage().contains("without ATOMIC_MOVE"), refused.getMessage());
            store.failAtTheEnd(ObjectStore.Failure.REFUSED);
            assertThrows(IOException.class, () -> Files.move(target, target.resolveSibling("z")));
            assertEquals("content", read("target"));
        }
    }

    @Nested
    class Refused {
        @Test
        void is_what_cannot_be_done_with_the_reason() throws IOException {
            Path object = existing("x", "old");
            assertThrows(
                    UnsupportedOperationException.class, () -> Files.newByteChannel(object, WRITE, DELETE_ON_CLOSE));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> Files.createFile(
                            atomic("new"),
                            PosixFilePermissions.asFileAttribute(Set.of(PosixFilePermission.OWNER_READ))));
            assertThrows(NoSuchFileException.class, () -> Files.newByteChannel(atomic("none"), WRITE));
            assertThrows(IllegalArgumentException.class, () -> Files.newByteChannel(object, READ, APPEND));
            assertThrows(IllegalArgumentException.class, () -> Files.newOutputStream(object, READ));
            Files.writeString(store.object("d/y"), "content");
            FileSystemException directory =
                    assertThrows(FileSystemException.class, () -> Files.newOutputStream(atomic("d")));
            assertEquals("Is a directory", directory.getReason());
            assertThrows(FileSystemException.class, () -> Files.newOutputStream(atomic("/")));
            assertEquals("old", read("x"));
            assertEquals(List.of("open y [CREATE, TRUNCATE_EXISTING, WRITE]", "end y 7"), store.calls());
        }

        @Test
        void is_a_copy_to_a_directory_which_would_delete_what_is_below_it() throws IOException {
            Path object = existing("x", "content");
            Files.writeString(store.object("d/y"), "content");
            store.calls().clear();
            assertThrows(
                    FileSystemException.class, () -> Files.copy(object, object.resolveSibling("d"), REPLACE_EXISTING));
            assertEquals(List.of(), store.calls());
        }

        @Test
        void is_a_directory_at_once() throws IOException {
            Path directory = existing("x", "content").resolveSibling("directory");
            store.calls().clear();
            FileSystemException refused =
                    assertThrows(FileSystemException.class, () -> AtomicFiles.writeDirectory(directory, filled -> {}));
            assertTrue(refused.getMessage().contains("an object store has no directories"), refused.getMessage());
            assertEquals(List.of(), store.calls());
        }

        @Test
        void is_a_lock_which_would_exclude_nobody() throws IOException {
            try (FileChannel channel = FileChannel.open(existing("x", "old"), READ, WRITE)) {
                FileSystemException e = assertThrows(FileSystemException.class, channel::lock);
                assertEquals("/bucket/x", e.getFile());
                assertTrue(e.getReason().contains("no locks"), e.getReason());
                assertThrows(FileSystemException.class, channel::tryLock);
            }
            assertEquals("old", read("x"));
        }

        @Test
        void is_a_second_writer_of_this_jvm_unless_the_last_one_shall_win() throws IOException {
            Path object = existing("x", "old");
            OutputStream first = Files.newOutputStream(object);
            first.write('1');
            FileAlreadyExistsException busy =
                    assertThrows(FileAlreadyExistsException.class, () -> Files.newOutputStream(object));
            assertEquals(object.toString(), busy.getFile());
            assertTrue(busy.getReason().contains("UNIQUE"), busy.getReason());
            try (OutputStream second = Files.newOutputStream(object, TemporaryName.UNIQUE)) {
                second.write('2');
            }
            first.close();
            assertEquals("1", read("x"));
            Files.writeString(object, "again");
            assertEquals("again", read("x"));
        }

        @Test
        void is_a_staging_directory_that_is_not_there() {
            Path plain = store.object("x");
            Path object = AtomicFiles.wrap(
                            plain.getFileSystem(),
                            AtomicOptions.builder()
                                    .stagingDirectory(staging.resolve("missing"))
                                    .build())
                    .getPath(plain.toString());
            FileSystemException e = assertThrows(FileSystemException.class, () -> Files.newOutputStream(object));
            assertEquals(object.toString(), e.getFile());
            assertTrue(e.getReason().contains("org.atomicfs.stagingDirectory"), e.getReason());
            assertTrue(e.getReason().contains(staging.resolve("missing").toString()), e.getReason());
        }
    }

    @Nested
    class TheStore {
        @Test
        void has_no_temporaries_to_hide_or_to_recover() throws IOException {
            Path object = existing("x.tmp", "another program's");
            try (OutputStream out = Files.newOutputStream(atomic("x"))) {
                out.write(1);
                try (Stream<Path> listed = Files.list(object.getParent())) {
                    assertEquals(
                            List.of("x.tmp"),
                            listed.map(path -> path.getFileName().toString()).toList());
                }
                assertEquals(List.of(), AtomicFiles.temporaries(object.getParent()));
                assertEquals(List.of(), AtomicFiles.recover(object.getParent()));
                assertEquals(List.of(), AtomicFiles.recover(object.resolveSibling("none")));
            }
            assertEquals("another program's", read("x.tmp"));
            assertEquals(1, Files.size(store.object("x")));
        }
    }

    @Nested
    class TheLocalTemporary {
        /** Opens an object, writes, and ends without any cleaning up. */
        static final class Halts {
            public static void main(String[] arguments) throws IOException {
                Path plain = new ObjectStore().object("x");
                Path object = AtomicFiles.wrap(plain.getFileSystem(), AtomicOptions.defaults())
                        .getPath(plain.toString());
                Files.newOutputStream(object).write(1);
                Runtime.getRuntime().halt(0);
            }
        }

        @Test
        void can_be_read_by_its_owner_alone() throws IOException {
            try (OutputStream out = Files.newOutputStream(atomic("x"))) {
                Path temporary = ((AtomicWrite) out).temporary().orElseThrow();
                if (Files.getFileStore(staging).supportsFileAttributeView("posix")) {
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)));
                }
                assertSame(staging.getFileSystem(), temporary.getFileSystem());
                assertEquals(List.of(), AtomicFiles.recover(staging));
            }
        }

        private void halt() throws IOException {
            List<String> command = new java.util.ArrayList<>(ChildProcess.program(Halts.class));
            command.add(1, "-Dorg.atomicfs.stagingDirectory=" + staging);
            assertEquals("", ChildProcess.run(command, null).err());
            assertEquals(1, DirectoryListing.names(staging).size());
        }

        @Test
        void of_a_killed_process_is_removed_by_the_next_write() throws IOException {
            halt();
            Files.writeString(atomic("y"), "content");
            assertEquals(List.of(), DirectoryListing.names(staging));
        }

        @Test
        void of_a_killed_process_is_recovered() throws IOException {
            halt();
            assertEquals(1, AtomicFiles.recover(staging).size());
        }
    }
}
