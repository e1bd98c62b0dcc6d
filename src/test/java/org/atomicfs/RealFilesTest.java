package org.atomicfs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.MountedFileSystem;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.Poll;
import org.atomicfs.testing.UnprivilegedUser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a real file system can show. */
class RealFilesTest {
    @TempDir
    Path directory;

    private Path plain;
    private Path atomic;

    @BeforeEach
    void name() {
        plain = directory.resolve("out");
        atomic = AtomicFiles.atomic(plain);
    }

    @AfterEach
    void nothingIsPending() {
        assertEquals(List.of(), AtomicFiles.pending());
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Nested
    class Attributes {
        @BeforeEach
        void needed() {
            Needs.posix();
        }

        @Test
        void a_new_file_has_the_mode_that_a_plain_open_gives() throws IOException {
            Path other = Files.writeString(directory.resolve("plain"), "");
            Files.writeString(atomic, "new");
            assertEquals(mode(other), mode(plain));
        }

        @Test
        void a_new_file_has_the_mode_that_was_asked_for() throws IOException {
            var attribute = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            try (FileChannel channel = FileChannel.open(atomic, Set.of(CREATE_NEW, WRITE), attribute)) {
                assertEquals("rw-------", mode(directory.resolve("out.tmp")));
                channel.write(ByteBuffer.allocate(1));
            }
            assertEquals("rw-------", mode(plain));
        }

        @Test
        void a_replaced_file_keeps_its_mode_and_the_temporary_never_has_more() throws IOException {
            for (String kept : List.of("rw-------", "rw-rw-rw-", "rwxr-x--x", "r--------")) {
                Files.deleteIfExists(plain);
                Files.writeString(plain, "old");
                Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString(kept));
                if (!Files.isWritable(plain)) {
                    continue; // not root: cannot be opened for writing
                }
                try (OutputStream out = Files.newOutputStream(atomic)) {
                    Set<?> temporary = Files.getPosixFilePermissions(directory.resolve("out.tmp"));
                    assertTrue(PosixFilePermissions.fromString(kept).containsAll(temporary), temporary::toString);
                    out.write(1);
                }
                assertEquals(kept, mode(plain));
            }
        }

        @Test
        void a_replaced_file_keeps_its_owner_and_group() throws IOException {
            Needs.root();
            Files.writeString(plain, "old");
            Files.setAttribute(plain, "unix:uid", 12345);
            Files.setAttribute(plain, "unix:gid", 23456);
            Files.writeString(atomic, "new");
            assertEquals(12345, Files.getAttribute(plain, "unix:uid"));
            assertEquals(23456, Files.getAttribute(plain, "unix:gid"));
        }

        @Test
        void a_replaced_file_keeps_its_user_attributes() throws IOException {
            assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("user"), "no user attributes here");
            Files.writeString(plain, "old");
            Files.setAttribute(plain, "user:origin", ByteBuffer.wrap("sensor 7".getBytes()));
            Files.setAttribute(plain, "user:empty", ByteBuffer.allocate(0));
            Files.writeString(atomic, "new");
            assertArrayEquals("sensor 7".getBytes(), (byte[]) Files.getAttribute(plain, "user:origin"));
            assertEquals(
                    List.of("empty", "origin"),
                    userAttributes(plain).stream().sorted().toList());
            Path copy = atomic.resolveSibling("copy");
            Files.copy(atomic, copy);
            assertEquals(List.of(), userAttributes(AtomicFiles.plain(copy)));
            Files.copy(
                    atomic,
                    copy,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                    java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            assertEquals(
                    List.of("empty", "origin"),
                    userAttributes(AtomicFiles.plain(copy)).stream().sorted().toList());
        }

        @Test
        void set_user_id_and_sticky_bits_are_kept() throws IOException {
            Needs.root();
            Files.writeString(plain, "old");
            Files.setAttribute(plain, "unix:uid", 12345);
            Files.setAttribute(plain, "unix:mode", 07755);
            Files.writeString(atomic, "new");
            assertEquals(07755, (int) Files.getAttribute(plain, "unix:mode") & 07777);
            assertEquals(12345, Files.getAttribute(plain, "unix:uid"));
        }

        @Test
        void nothing_of_ours_stays_on_a_published_file() throws IOException {
            try (OutputStream out = Files.newOutputStream(atomic)) {
                out.write(1);
                assertEquals(2, Files.getAttribute(directory.resolve("out.tmp"), "unix:nlink"));
            }
            assertEquals(1, Files.getAttribute(plain, "unix:nlink"));
            assertEquals(List.of(), userAttributes(plain));
        }

        private List<String> userAttributes(Path file) throws IOException {
            return Files.getFileAttributeView(file, java.nio.file.attribute.UserDefinedFileAttributeView.class)
                    .list();
        }
    }

    @Nested
    class Places {
        @Test
        void a_device_is_written_straight_through() throws IOException {
            Path device = Path.of("/dev/null");
            assumeTrue(Files.exists(device), "no /dev/null here");
            try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(device))) {
                out.write(1);
                assertTrue(((AtomicWrite) out).temporary().isEmpty());
            }
            assertTrue(Files.readAttributes(device, java.nio.file.attribute.BasicFileAttributes.class)
                    .isOther());
        }

        @Test
        void a_named_pipe_is_written_straight_through() throws Exception {
            Needs.posix();
            assertEquals(
                    0,
                    ChildProcess.run(List.of("mkfifo", plain.toString()), null).status());
            CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> {
                try {
                    return Files.readString(plain);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            Files.writeString(atomic, "through");
            assertEquals("through", reader.get(60, TimeUnit.SECONDS));
            assertEquals(List.of("out"), names(directory));
        }

        @Test
        void a_socket_is_refused_as_a_plain_open_refuses_it() throws IOException {
            Needs.posix();
            try (var server = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
                server.bind(java.net.UnixDomainSocketAddress.of(plain));
                IOException expected = assertThrows(IOException.class, () -> Files.newOutputStream(plain));
                IOException actual = assertThrows(IOException.class, () -> Files.newOutputStream(atomic));
                assertEquals(expected.toString(), actual.toString());
                assertEquals(List.of("out"), names(directory));
            }
        }

        @Test
        void the_longest_names_are_written_with_a_shortened_temporary() throws IOException {
            for (String name : List.of(
                    "x".repeat(255),
                    "x".repeat(252),
                    "漢".repeat(84),
                    "ä".repeat(126) + "xyz",
                    "𝄞".repeat(63) + "xyz")) {
                Path longest = AtomicFiles.atomic(directory.resolve(name));
                try (OutputStream out = Files.newOutputStream(longest)) {
                    out.write(1);
                    Path temporary = ((AtomicWrite) out).temporary().orElseThrow();
                    assertTrue(temporary.toString().endsWith(".tmp"), temporary.toString());
                    assertThrows(java.nio.file.FileAlreadyExistsException.class, () -> Files.newOutputStream(longest));
                }
                assertEquals(1, Files.size(directory.resolve(name)));
                try (OutputStream out = Files.newOutputStream(longest, TemporaryName.UNIQUE)) {
                    out.write(new byte[2]);
                }
                assertEquals(2, Files.size(directory.resolve(name)));
                Files.delete(longest);
                assertEquals(List.of(), names(directory));
            }
        }

        @Test
        void a_name_too_long_for_the_file_itself_is_refused_in_its_name() {
            Path tooLong = AtomicFiles.atomic(directory.resolve("x".repeat(256)));
            FileSystemException e = assertThrows(FileSystemException.class, () -> Files.newOutputStream(tooLong));
            assertEquals(tooLong.toString(), e.getFile());
        }

        @Test
        void a_name_that_cannot_be_decoded_is_written() throws IOException {
            Needs.posix();
            ChildProcess.Result made = ChildProcess.run(
                    List.of("sh", "-c", "cd '" + directory + "' && : > \"$(printf 'bad\\377name')\""), null);
            assertEquals(0, made.status(), made.err());
            Path bad;
            try (Stream<Path> entries = Files.list(AtomicFiles.atomic(directory))) {
                bad = entries.findFirst().orElseThrow();
            }
            Files.writeString(bad, "new");
            assertEquals("new", Files.readString(bad));
            assertEquals(1, names(directory).size());
            Path root = AtomicFiles.atomic(directory);
            assertEquals(bad, root.resolve(root.relativize(bad)));
            assertEquals(bad, root.resolve(bad.getFileName()));
            assertEquals(bad, bad.resolveSibling(bad.getFileName()));
            assertEquals(bad, Path.of(bad.toUri()));
            assertTrue(Files.exists(bad.toRealPath()));
        }

        @Test
        void a_directory_that_cannot_be_written_is_explained(@TempDir Path copies) throws IOException {
            Needs.root();
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(plain, "old");
            Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-rw-rw-"));
            List<String> said = unprivileged(plain, copies);
            assertEquals("written", said.get(0), "by a plain path it could be");
            assertTrue(
                    said.get(1).startsWith(AccessDeniedException.class.getName() + ": " + plain + ": "), said.get(1));
            assertTrue(said.get(1).contains("out.tmp"), said.get(1));
            assertEquals("plain", Files.readString(plain));
        }

        @Test
        void a_file_that_must_not_be_written_is_refused_at_open_as_a_plain_open_does(@TempDir Path copies)
                throws IOException {
            Needs.root();
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.writeString(plain, "old");
            Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("r--r--r--"));
            List<String> said = unprivileged(plain, copies);
            assertEquals(AccessDeniedException.class.getName() + ": " + plain, said.get(0));
            assertEquals(said.get(0), said.get(1));
            assertEquals("old", Files.readString(plain));
            assertEquals(List.of("out"), names(directory));
        }

        /** What happens when somebody else writes a file by a plain path, and then by an atomic one. */
        private List<String> unprivileged(Path file, Path copies) throws IOException {
            ChildProcess.Result result =
                    ChildProcess.run(UnprivilegedUser.program(copies, Unprivileged.class, file.toString()), null);
            assertEquals("", result.err());
            return result.out().lines().toList();
        }

        @Test
        void a_read_only_file_system_refuses_at_open_as_for_a_plain_open() throws IOException {
            MountedFileSystem.assumePossible();
            mount("-t", "tmpfs", "none");
            try {
                Files.writeString(plain, "old");
                mount("-o", "remount,ro");
                for (Path file : List.of(plain, directory.resolve("new"))) {
                    IOException expected = assertThrows(IOException.class, () -> Files.newOutputStream(file));
                    IOException actual =
                            assertThrows(IOException.class, () -> Files.newOutputStream(AtomicFiles.atomic(file)));
                    assertEquals(expected.toString(), actual.toString());
                }
                assertEquals("old", Files.readString(atomic));
            } finally {
                unmount();
            }
        }

        @Test
        void the_directory_that_is_forced_is_the_real_one() throws IOException {
            Path real = Files.createDirectory(directory.resolve("real"));
            Files.createSymbolicLink(plain, Path.of("real/target"));
            try (OutputStream out = Files.newOutputStream(atomic, CREATE, WRITE, Durability.FULL)) {
                out.write(1);
                Files.delete(plain); // only the real directory matters from here on
            }
            assertEquals(1, Files.size(real.resolve("target")));
        }
    }

    private void mount(String... options) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of("mount"));
        command.addAll(List.of(options));
        command.add(directory.toString());
        assertEquals(0, ChildProcess.run(command, null).status(), command::toString);
    }

    private void unmount() throws IOException {
        assertEquals(
                0,
                ChildProcess.run(List.of("umount", directory.toString()), null).status());
    }

    /** Writes a file by a plain path and by an atomic one, and prints what happens. */
    static final class Unprivileged {
        public static void main(String[] arguments) {
            Path file = Path.of(arguments[0]);
            write(file, "plain");
            write(AtomicFiles.atomic(file), "atomic");
        }

        private static void write(Path file, String text) {
            try {
                Files.writeString(file, text);
                System.out.println("written");
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }

    @Nested
    class Failing {
        @Test
        void an_interrupted_channel_is_not_published() throws IOException {
            Files.writeString(plain, "old");
            FileChannel channel = FileChannel.open(atomic, CREATE, TRUNCATE_EXISTING, WRITE);
            channel.write(ByteBuffer.allocate(10));
            Thread.currentThread().interrupt();
            assertThrows(ClosedByInterruptException.class, () -> channel.write(ByteBuffer.allocate(10)));
            assertTrue(Thread.interrupted());
            AtomicCommitException e = assertThrows(AtomicCommitException.class, channel::close);
            assertInstanceOf(ClosedByInterruptException.class, e.getCause());
            assertEquals("old", Files.readString(plain));
            assertEquals(List.of("out"), names(directory));
        }

        @Test
        void a_stream_is_not_interruptible_just_as_a_plain_one() throws IOException {
            try (OutputStream out = Files.newOutputStream(atomic)) {
                Thread.currentThread().interrupt();
                out.write(1);
                out.write(new byte[10]);
            } finally {
                assertTrue(Thread.interrupted());
            }
            assertEquals(11, Files.size(plain));
            try (OutputStream out = Files.newOutputStream(atomic, APPEND)) {
                Thread.currentThread().interrupt();
                out.write(1);
            } finally {
                assertTrue(Thread.interrupted());
            }
            assertEquals(12, Files.size(plain));
        }

        @Test
        void a_full_disk_leaves_the_old_file_and_close_says_so() throws IOException {
            MountedFileSystem.assumePossible();
            mount("-t", "tmpfs", "-o", "size=1m", "none");
            try {
                Files.writeString(plain, "old");
                OutputStream out = Files.newOutputStream(atomic);
                out.write(new byte[1000]);
                IOException first = assertThrows(IOException.class, () -> out.write(new byte[2_000_000]));
                assertEquals(AtomicWrite.Status.FAILED, ((AtomicWrite) out).status());
                AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
                assertSame(first, e.getCause());
                assertEquals(Outcome.NOT_COMMITTED, e.outcome());
                assertEquals("old", Files.readString(plain));
                assertEquals(List.of("out"), names(directory));
                out.close();
            } finally {
                unmount();
            }
        }

        @Test
        void a_destination_that_became_a_directory_is_not_replaced() throws IOException {
            Files.writeString(plain, "old");
            OutputStream out = Files.newOutputStream(atomic);
            out.write(1);
            Files.delete(plain);
            Files.createDirectory(plain);
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertTrue(e.getMessage().contains("no longer a regular file"), e.getMessage());
            assertEquals(List.of("out"), names(directory));
        }

        @Test
        void a_channel_closed_by_another_thread_during_a_write_is_not_published() throws Exception {
            // a write that never ends: the handler of an asynchronous one that has not been called yet
            ExecutorService busy = Executors.newSingleThreadExecutor();
            CompletableFuture<Void> release = new CompletableFuture<>();
            busy.submit(() -> release.join());
            AsynchronousFileChannel channel = AsynchronousFileChannel.open(atomic, Set.of(CREATE, WRITE), busy);
            var pending = channel.write(ByteBuffer.allocate(10), 0);
            AtomicCommitException e = assertThrows(AtomicCommitException.class, channel::close);
            assertTrue(e.getMessage().contains("still under way"), e.getMessage());
            assertEquals(List.of(), names(directory));
            release.complete(null);
            assertThrows(java.util.concurrent.ExecutionException.class, () -> pending.get(60, TimeUnit.SECONDS));
            busy.shutdown();
        }
    }

    @Nested
    class Channels {
        @Test
        void a_handler_may_close_the_channel() throws Exception {
            AsynchronousFileChannel channel = AsynchronousFileChannel.open(atomic, CREATE, WRITE);
            CompletableFuture<Void> done = new CompletableFuture<>();
            channel.write(ByteBuffer.allocate(10), 0, null, new CompletionHandler<Integer, Void>() {
                @Override
                public void completed(Integer n, Void attachment) {
                    try {
                        channel.close();
                        done.complete(null);
                    } catch (IOException e) {
                        done.completeExceptionally(e);
                    }
                }

                @Override
                public void failed(Throwable cause, Void attachment) {
                    done.completeExceptionally(cause);
                }
            });
            done.get(60, TimeUnit.SECONDS);
            assertEquals(10, Files.size(plain));
        }

        @Test
        void handlers_go_on_writing_on_an_executor_of_one_thread() throws Exception {
            Files.writeString(plain, "old");
            ExecutorService single = Executors.newSingleThreadExecutor();
            try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(atomic, Set.of(READ, WRITE), single)) {
                CompletableFuture<Integer> done = new CompletableFuture<>();
                new CompletionHandler<Integer, Integer>() {
                    @Override
                    public void completed(Integer n, Integer position) {
                        if (position == 100) {
                            done.complete(position);
                        } else {
                            channel.write(ByteBuffer.allocate(1), position, position + 1, this);
                        }
                    }

                    @Override
                    public void failed(Throwable cause, Integer position) {
                        done.completeExceptionally(cause);
                    }
                }.completed(0, 0);
                assertEquals(100, done.get(60, TimeUnit.SECONDS));
                assertEquals(1, channel.write(ByteBuffer.allocate(1), 100).get(60, TimeUnit.SECONDS));
                assertEquals(101, channel.read(ByteBuffer.allocate(200), 0).get(60, TimeUnit.SECONDS));
                try (FileLock lock = channel.lock().get(60, TimeUnit.SECONDS)) {
                    assertSame(channel, lock.acquiredBy());
                }
                assertSame(channel, channel.truncate(50));
                assertEquals(50, channel.size());
                assertEquals("old", Files.readString(plain));
            } finally {
                single.shutdown();
            }
            assertEquals(50, Files.size(plain));
        }

        @Test
        void a_closed_channel_says_what_a_plain_one_says() throws IOException {
            Files.writeString(plain, "old");
            FileChannel closed = FileChannel.open(atomic, READ, WRITE);
            FileLock lock = closed.lock();
            closed.close();
            assertFalse(lock.isValid());
            assertFalse(closed.isOpen());
            ByteBuffer buffer = ByteBuffer.allocate(1);
            assertThrows(ClosedChannelException.class, () -> closed.write(buffer));
            assertThrows(ClosedChannelException.class, () -> closed.read(buffer));
            assertThrows(ClosedChannelException.class, () -> closed.position(0));
            assertThrows(ClosedChannelException.class, closed::position);
            assertThrows(ClosedChannelException.class, closed::size);
            assertThrows(ClosedChannelException.class, () -> closed.truncate(0));
            assertThrows(ClosedChannelException.class, () -> closed.force(true));
            assertThrows(ClosedChannelException.class, closed::lock);
            assertThrows(ClosedChannelException.class, closed::tryLock);
            assertThrows(ClosedChannelException.class, () -> closed.map(FileChannel.MapMode.READ_ONLY, 0, 1));
            AsynchronousFileChannel asynchronous = AsynchronousFileChannel.open(atomic, WRITE);
            asynchronous.close();
            assertFalse(asynchronous.isOpen());
            assertInstanceOf(
                    ClosedChannelException.class,
                    assertThrows(
                                    java.util.concurrent.ExecutionException.class,
                                    () -> asynchronous.write(buffer, 0).get())
                            .getCause());
            assertEquals("old", Files.readString(plain));
        }

        @Test
        void a_read_that_is_interrupted_says_what_a_plain_one_says() throws IOException {
            Files.writeString(plain, "old");
            try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
                Thread.currentThread().interrupt();
                assertThrows(ClosedByInterruptException.class, () -> channel.read(ByteBuffer.allocate(1)));
                assertTrue(Thread.interrupted());
                assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
            }
            assertEquals("old", Files.readString(plain));
        }

        @Test
        void a_thread_that_waits_for_a_lock_is_told_when_another_one_closes_the_channel() throws Exception {
            Files.writeString(plain, "old");
            // only another process's lock is waited for
            Path source = Files.writeString(
                    directory.resolve("Locker.java"),
                    "class Locker { public static void main(String[] a) throws Exception {"
                            + " try (var c = java.nio.channels.FileChannel.open(java.nio.file.Path.of(a[0]),"
                            + " java.nio.file.StandardOpenOption.WRITE); var l = c.lock()) {"
                            + " System.out.println(); System.in.read(); } } }");
            Process locker = new ProcessBuilder(ChildProcess.shortCommand(source.toString(), plain.toString())).start();
            try {
                assertEquals('\n', locker.getInputStream().read());
                FileChannel channel = FileChannel.open(atomic, READ, WRITE);
                assertEquals(null, channel.tryLock());
                CompletableFuture<Throwable> told = new CompletableFuture<>();
                Thread waiting = new Thread(() -> {
                    try {
                        channel.lock();
                        told.complete(null);
                    } catch (Throwable e) {
                        told.complete(e);
                    }
                });
                waiting.start();
                Poll.until(() -> Stream.of(waiting.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().startsWith("lock0")));
                channel.close();
                assertInstanceOf(AsynchronousCloseException.class, told.get(60, TimeUnit.SECONDS));
            } finally {
                locker.getOutputStream().close();
                ChildProcess.await(locker);
            }
        }

        @Test
        void a_lock_belongs_to_the_channel_of_the_caller() throws IOException {
            try (FileChannel channel = FileChannel.open(atomic, CREATE, WRITE);
                    FileLock lock = channel.lock()) {
                assertSame(channel, lock.acquiredBy());
                assertEquals(Long.MAX_VALUE, lock.size());
                assertTrue(lock.isValid());
                lock.release();
                assertFalse(lock.isValid());
                assertTrue(channel.tryLock(0, 10, false).isValid());
            }
        }

        @Test
        void an_unchanged_channel_locks_the_file_itself() throws IOException {
            Files.writeString(plain, "old");
            try (FileChannel channel = FileChannel.open(atomic, WRITE);
                    FileLock lock = channel.lock();
                    FileChannel other = FileChannel.open(plain, WRITE)) {
                assertTrue(lock.isValid());
                assertThrows(java.nio.channels.OverlappingFileLockException.class, other::tryLock);
            }
        }

        /** Tries to lock a file, and prints whether it could. */
        private String lockedElsewhere() throws IOException {
            Path source = Files.writeString(
                    directory.resolve("TryLock.java"),
                    "class TryLock { public static void main(String[] a) throws Exception {"
                            + " try (var c = java.nio.channels.FileChannel.open(java.nio.file.Path.of(a[0]),"
                            + " java.nio.file.StandardOpenOption.WRITE)) {"
                            + " System.out.print(c.tryLock() == null ? \"locked\" : \"free\"); } } }");
            ChildProcess.Result result =
                    ChildProcess.run(ChildProcess.shortCommand(source.toString(), plain.toString()), null);
            assertEquals("", result.err());
            Files.delete(source);
            return result.out();
        }

        @Test
        void a_lock_file_excludes_other_processes_also_when_it_is_new() throws IOException {
            for (int i = 0; i < 2; i++) { // new, and then old
                try (FileChannel channel = FileChannel.open(atomic, CREATE, WRITE);
                        FileLock lock = channel.lock()) {
                    assertTrue(lock.isValid());
                    assertEquals(List.of("out"), names(directory));
                    assertEquals("locked", lockedElsewhere());
                }
                assertEquals("free", lockedElsewhere());
                assertEquals(0, Files.size(plain));
            }
            Files.delete(plain);
            try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(atomic, CREATE, WRITE)) {
                assertTrue(channel.tryLock().isValid());
                assertEquals("locked", lockedElsewhere());
            }
        }

        @Test
        void a_lock_stays_on_the_file_while_its_content_is_changed() throws IOException {
            Files.writeString(plain, "old");
            try (FileChannel channel = FileChannel.open(atomic, READ, WRITE);
                    FileLock lock = channel.lock()) {
                channel.write(ByteBuffer.wrap("new".getBytes()));
                assertTrue(lock.isValid());
                assertEquals("locked", lockedElsewhere());
                assertEquals("old", Files.readString(plain));
            }
            assertEquals("new", Files.readString(plain));
        }

        @Test
        void what_is_to_be_published_complete_is_not_published_by_a_lock() throws IOException {
            try (FileChannel channel = FileChannel.open(atomic, CREATE, TRUNCATE_EXISTING, WRITE);
                    FileLock lock = channel.lock()) {
                assertTrue(lock.isValid());
                assertFalse(Files.exists(plain));
                channel.write(ByteBuffer.wrap("new".getBytes()));
            }
            assertEquals("new", Files.readString(plain));
            Files.delete(plain);
            try (FileChannel channel = FileChannel.open(atomic, CREATE, WRITE, CommitPolicy.EXPLICIT);
                    FileLock lock = channel.lock()) {
                assertTrue(lock.isValid());
            }
            assertFalse(Files.exists(plain));
        }

        @Test
        void lucenes_lock_excludes_other_processes() throws Exception {
            try (var lucene = new org.apache.lucene.store.NIOFSDirectory(AtomicFiles.atomic(directory));
                    var lock = org.apache.lucene.store.NativeFSLockFactory.INSTANCE.obtainLock(lucene, "out")) {
                lock.ensureValid();
                assertEquals("locked", lockedElsewhere());
                assertThrows(
                        org.apache.lucene.store.LockObtainFailedException.class,
                        () -> org.apache.lucene.store.NativeFSLockFactory.INSTANCE.obtainLock(lucene, "out"));
            }
            assertEquals("free", lockedElsewhere());
        }

        @Test
        void positions_survive_the_first_change() throws IOException {
            Files.writeString(plain, "0123456789");
            try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
                assertSame(channel, channel.position(4));
                ByteBuffer two = ByteBuffer.allocate(2);
                channel.read(two);
                assertArrayEquals("45".getBytes(), two.array());
                channel.write(ByteBuffer.wrap("xx".getBytes()));
                assertEquals(8, channel.position());
                assertSame(channel, channel.truncate(9));
                assertEquals(9, channel.size());
            }
            assertEquals("012345xx8", Files.readString(plain));
        }

        @Test
        void gathers_scatters_maps_and_transfers() throws IOException {
            Path source = Files.writeString(directory.resolve("source"), "transferred");
            try (FileChannel channel = FileChannel.open(atomic, CREATE, READ, WRITE);
                    FileChannel in = FileChannel.open(AtomicFiles.atomic(source), READ)) {
                channel.write(new ByteBuffer[] {ByteBuffer.wrap("ab".getBytes()), ByteBuffer.wrap("c".getBytes())});
                assertEquals(11, in.transferTo(0, 11, channel));
                channel.position(14);
                assertEquals(5, channel.transferFrom(in, 14, 5));
                channel.map(FileChannel.MapMode.READ_WRITE, 0, 1).put((byte) 'X');
                ByteBuffer[] parts = {ByteBuffer.allocate(1), ByteBuffer.allocate(2)};
                channel.position(0);
                assertEquals(3, channel.read(parts));
                assertEquals("X", new String(parts[0].array()));
                channel.force(true);
            }
            assertEquals("Xbctransferredtrans", Files.readString(plain));
            assertEquals(List.of("out", "source"), names(directory));
        }

        @Test
        void two_appenders_do_not_mix() throws IOException {
            Files.writeString(plain, "old\n");
            try (FileChannel first = FileChannel.open(atomic, APPEND);
                    FileChannel second = FileChannel.open(atomic, APPEND)) {
                first.write(ByteBuffer.wrap("first\n".getBytes()));
                assertThrows(
                        java.nio.file.FileAlreadyExistsException.class,
                        () -> second.write(ByteBuffer.wrap("second\n".getBytes())));
                assertThrows(AtomicCommitException.class, second::close);
            }
            assertEquals("old\nfirst\n", Files.readString(plain));
        }

        @Test
        void a_link_cannot_be_followed_where_that_is_forbidden() throws IOException {
            Files.writeString(directory.resolve("real"), "old");
            Files.createSymbolicLink(plain, Path.of("real"));
            IOException expected = assertThrows(
                    IOException.class, () -> Files.newOutputStream(plain, CREATE, WRITE, LinkOption.NOFOLLOW_LINKS));
            IOException actual = assertThrows(
                    IOException.class, () -> Files.newOutputStream(atomic, CREATE, WRITE, LinkOption.NOFOLLOW_LINKS));
            assertEquals(expected.toString(), actual.toString());
        }

        @Test
        void dangling_links_are_created_at_their_target_and_loops_refused() throws IOException {
            Files.createSymbolicLink(plain, Path.of("middle"));
            Files.createSymbolicLink(directory.resolve("middle"), Path.of("target"));
            Files.writeString(atomic, "new");
            assertEquals("new", Files.readString(directory.resolve("target")));
            assertTrue(Files.isSymbolicLink(plain));
            Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
            Path loop = AtomicFiles.atomic(directory.resolve("loop"));
            IOException expected =
                    assertThrows(IOException.class, () -> Files.newOutputStream(directory.resolve("loop")));
            IOException actual = assertThrows(IOException.class, () -> Files.newOutputStream(loop));
            assertEquals(expected.toString(), actual.toString());
        }
    }
}
