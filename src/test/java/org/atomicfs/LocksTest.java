package org.atomicfs;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.Poll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that programs lock before they read and change them. */
class LocksTest {
    @TempDir
    Path directory;

    private Path plain;
    private Path atomic;
    private Process other; // null unless there is one

    @BeforeEach
    void write_the_file() throws IOException {
        plain = Files.writeString(directory.resolve("file"), "old");
        atomic = AtomicFiles.atomic(plain);
    }

    @AfterEach
    void end_the_other_process() throws IOException {
        if (other != null) {
            other.getOutputStream().close();
            assertEquals(0, ChildProcess.await(other));
        }
        assertEquals(
                List.of(),
                DirectoryListing.names(directory).stream()
                        .filter(n -> n.endsWith(".tmp"))
                        .toList());
    }

    /** What another process does with the file, when it was told to. */
    static final class OtherProcess {
        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[0]);
            try (FileChannel channel =
                    FileChannel.open(arguments[1].equals("add") ? AtomicFiles.atomic(file) : file, READ, WRITE)) {
                switch (arguments[1]) {
                    case "lock" -> {
                        channel.lock();
                        System.out.println();
                        System.in.read(); // its end
                    }
                    case "look" -> System.out.print(channel.tryLock() == null ? "locked" : "free");
                    case "add" -> { // opens, and then waits for the lock
                        System.out.println();
                        channel.lock();
                        addOne(channel);
                    }
                    default -> throw new IllegalArgumentException(arguments[1]);
                }
            }
        }
    }

    private static void addOne(FileChannel channel) throws IOException {
        ByteBuffer counter = ByteBuffer.allocate(1);
        assertEquals(1, channel.read(counter, 0));
        assertEquals(
                1, channel.write(counter.put(0, (byte) (counter.get(0) + 1)).flip(), 0));
    }

    private void startOther(String what) throws IOException {
        other = new ProcessBuilder(ChildProcess.program(OtherProcess.class, plain.toString(), what))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals('\n', other.getInputStream().read());
    }

    /** Whether another process could lock the file now. */
    private String lookElsewhere() throws IOException {
        ChildProcess.Result result =
                ChildProcess.run(ChildProcess.program(OtherProcess.class, plain.toString(), "look"), null);
        assertEquals("", result.err());
        return result.out();
    }

    /** As another writer does. */
    private void replace(String content) throws IOException {
        replace(plain, content);
    }

    private static void replace(Path file, String content) throws IOException {
        Path aside = Files.writeString(file.resolveSibling("aside"), content);
        Files.move(aside, file, ATOMIC_MOVE, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(100);
        channel.read(content, 0);
        return new String(content.array(), 0, content.position());
    }

    private static ByteBuffer bytes(String content) {
        return ByteBuffer.wrap(content.getBytes());
    }

    @Test
    void who_waits_for_a_lock_changes_what_was_published_meanwhile() throws IOException {
        Files.write(plain, new byte[1]);
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
            channel.lock();
            startOther("add"); // has opened the file, and waits
            addOne(channel);
        }
        assertEquals(0, ChildProcess.await(other));
        assertArrayEquals(new byte[] {2}, Files.readAllBytes(plain));
    }

    @Test
    void a_lock_is_on_the_file_that_is_there_now_at_the_same_position() throws IOException {
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
            channel.position(2);
            replace("replaced");
            assertEquals("old", read(channel));
            try (FileLock lock = channel.lock()) {
                assertTrue(lock.isValid());
                assertSame(channel, lock.acquiredBy());
                assertEquals("replaced", read(channel));
                assertEquals(2, channel.position());
                assertEquals("locked", lookElsewhere());
                channel.write(bytes("new"));
            }
        }
        assertEquals("renewced", Files.readString(plain));
    }

    @Test
    void a_channel_that_only_appends_goes_on_at_the_end_of_the_new_file() throws IOException {
        try (FileChannel channel = FileChannel.open(atomic, java.nio.file.StandardOpenOption.APPEND)) {
            replace("replaced");
            channel.lock();
            channel.write(bytes(" new"));
        }
        assertEquals("replaced new", Files.readString(plain));
    }

    @Test
    void every_lock_looks_again() throws IOException {
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
            for (int i = 0; i < 20; i++) {
                replace("version " + i);
                try (FileLock lock = i % 2 == 0 ? channel.tryLock() : channel.lock(0, 5, true)) {
                    assertTrue(lock.isValid());
                    assertEquals("version " + i, read(channel));
                }
            }
        }
        assertEquals("version 19", Files.readString(plain));
    }

    @Test
    void a_channel_that_locks_again_and_again_does_not_keep_more_and_more_files_open() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(descriptors), "needs /proc");
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
            channel.lock().release();
            int before = DirectoryListing.names(descriptors).size();
            for (int i = 0; i < 50; i++) {
                channel.lock().release();
            }
            assertEquals(before, DirectoryListing.names(descriptors).size());
            for (int i = 0; i < 50; i++) {
                replace("version " + i);
                channel.lock().release();
            }
            int more = DirectoryListing.names(descriptors).size() - before;
            assertTrue(more < 10, () -> more + " more");
        }
    }

    @Test
    void the_position_is_kept_when_a_lock_publishes_a_new_file() throws IOException {
        Files.delete(plain);
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE, CREATE)) {
            channel.position(10);
            try (FileLock lock = channel.lock()) {
                assertTrue(lock.isValid());
                assertEquals(10, channel.position());
                channel.write(bytes("abc"));
            }
        }
        assertEquals(13, Files.size(plain));
    }

    @Test
    void two_who_create_a_file_to_lock_it_get_the_same_one() throws Exception {
        Files.delete(plain);
        try (FileChannel first = FileChannel.open(atomic, READ, WRITE, CREATE)) {
            CompletableFuture<FileChannel> second = new CompletableFuture<>();
            Thread opening = new Thread(() -> {
                try {
                    second.complete(FileChannel.open(atomic, READ, WRITE, CREATE));
                } catch (Throwable e) {
                    second.completeExceptionally(e);
                }
            });
            opening.start();
            Poll.until(() -> opening.getState() == Thread.State.TIMED_WAITING || second.isDone());
            FileLock lock = first.lock();
            try (FileChannel other = second.get(1, TimeUnit.MINUTES)) {
                assertThrows(OverlappingFileLockException.class, other::lock);
                lock.release();
                assertTrue(other.lock().isValid());
            }
        }
        assertEquals("", Files.readString(plain));
    }

    @Test
    void a_lock_that_is_released_after_a_change_is_kept_until_the_change_is_published() throws IOException {
        FileChannel channel = FileChannel.open(atomic, READ, WRITE);
        FileLock lock = channel.lock();
        channel.write(bytes("new"));
        lock.release();
        lock.release();
        assertFalse(lock.isValid());
        assertEquals("locked", lookElsewhere());
        assertEquals("old", Files.readString(plain));
        channel.close();
        assertEquals("free", lookElsewhere());
        assertEquals("new", Files.readString(plain));
        assertThrows(ClosedChannelException.class, lock::release);
    }

    @Test
    void a_lock_without_a_change_is_released_at_once() throws IOException {
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
            channel.lock().release();
            assertEquals("free", lookElsewhere());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_discarded_change_gives_its_lock_up(boolean released) throws IOException {
        FileChannel channel = FileChannel.open(atomic, READ, WRITE);
        FileLock lock = channel.lock();
        channel.write(bytes("new"));
        if (released) {
            lock.release();
        }
        ((AtomicWrite) channel).abort();
        assertEquals("free", lookElsewhere());
        assertEquals("old", Files.readString(plain));
    }

    @Test
    void a_change_that_could_not_be_begun_does_not_keep_the_lock() throws IOException {
        FileChannel channel = FileChannel.open(atomic, READ, WRITE);
        FileLock lock = channel.lock();
        replace("without a lock");
        assertThrows(FileSystemException.class, () -> channel.write(bytes("new")));
        replace("once more");
        lock.release();
        assertEquals("free", lookElsewhere());
        assertThrows(AtomicCommitException.class, channel::close);
        assertEquals("once more", Files.readString(plain));
    }

    @Test
    void a_kept_lock_is_given_to_the_caller_again() throws IOException {
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
            channel.lock().release();
            FileLock first = channel.lock(0, 100, false);
            channel.write(bytes("new"));
            first.release();
            FileLock second = channel.lock(0, 10, false);
            assertTrue(second.isValid());
            assertFalse(first.isValid());
            assertNotSame(first, second);
            assertThrows(OverlappingFileLockException.class, () -> channel.lock(5, 10, false));
            second.release();
            FileLock larger = channel.tryLock();
            assertTrue(larger.isValid());
            larger.release();
            assertTrue(channel.lock(0, 1, true).isValid());
            assertEquals("locked", lookElsewhere());
        }
        assertEquals("new", Files.readString(plain));
        assertEquals("free", lookElsewhere());
    }

    @Test
    void a_shared_lock_can_be_followed_by_an_exclusive_one() throws IOException {
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
            FileLock shared = channel.lock(0, Long.MAX_VALUE, true);
            assertTrue(shared.isShared());
            channel.write(bytes("new"));
            shared.release();
            FileLock exclusive = channel.lock();
            assertFalse(exclusive.isShared());
            channel.write(bytes("er"));
        }
        assertEquals("newer", Files.readString(plain));
    }

    @Test
    void a_file_that_was_replaced_in_spite_of_a_lock_is_not_locked_once_more() throws IOException {
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
            channel.lock(0, 1, false);
            replace("without a lock");
            FileSystemException refused = assertThrows(FileSystemException.class, () -> channel.lock(1, 1, false));
            assertTrue(refused.getReason().contains("replaced by another file"), refused.getReason());
            assertEquals(plain.toString(), refused.getFile());
        }
        FileChannel channel = FileChannel.open(atomic, READ, WRITE);
        channel.write(bytes("new"));
        replace("once more");
        assertThrows(FileSystemException.class, channel::lock);
        assertThrows(AtomicCommitException.class, channel::close);
        assertEquals("once more", Files.readString(plain));
    }

    @Test
    void a_removed_file_is_locked_as_a_plain_one() throws IOException {
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE)) {
            Files.delete(plain);
            assertTrue(channel.lock().isValid());
            assertEquals("old", read(channel));
        }
        assertFalse(Files.exists(plain));
    }

    @Test
    void locks_of_one_jvm_overlap_as_plain_ones_do() throws IOException {
        try (FileChannel first = FileChannel.open(atomic, READ, WRITE);
                FileChannel second = FileChannel.open(atomic, READ, WRITE)) {
            FileLock lock = first.lock(0, 10, false);
            assertThrows(OverlappingFileLockException.class, () -> second.lock(5, 10, false));
            assertThrows(OverlappingFileLockException.class, second::tryLock);
            assertTrue(second.lock(10, 10, false).isValid());
            assertEquals(10, lock.size());
        }
    }

    @Test
    void threads_of_one_jvm_that_exclude_each_other_count_right() throws Exception {
        Files.write(plain, new byte[1]);
        Object mutex = new Object();
        List<CompletableFuture<Void>> counting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            counting.add(CompletableFuture.runAsync(() -> {
                for (int n = 0; n < 30; n++) {
                    try {
                        FileChannel channel = FileChannel.open(atomic, READ, WRITE);
                        synchronized (mutex) {
                            try (channel) {
                                channel.lock();
                                addOne(channel);
                            }
                        }
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            }));
        }
        for (CompletableFuture<Void> thread : counting) {
            thread.get(1, TimeUnit.MINUTES);
        }
        assertArrayEquals(new byte[] {90}, Files.readAllBytes(plain));
    }

    @Test
    void what_another_process_has_locked_is_not_available() throws Exception {
        startOther("lock");
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE);
                AsynchronousFileChannel asynchronous = AsynchronousFileChannel.open(atomic, READ, WRITE)) {
            assertNull(channel.tryLock());
            assertNull(asynchronous.tryLock());
        }
    }

    /** Waits for a lock on the file that replaced the one that was opened. */
    private CompletableFuture<Throwable> waitFor(FileChannel channel, CompletableFuture<Thread> thread) {
        CompletableFuture<Throwable> result = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                channel.lock();
                result.complete(null);
            } catch (Throwable e) {
                result.complete(e);
            }
        });
        waiting.start();
        Poll.until(() -> Stream.of(waiting.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().startsWith("lock0")));
        thread.complete(waiting);
        return result;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void who_waits_for_the_lock_on_the_new_file_can_be_stopped(boolean interrupt) throws Exception {
        FileChannel channel = FileChannel.open(atomic, READ, WRITE);
        replace("replaced");
        startOther("lock");
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<Throwable> told = waitFor(channel, thread);
        if (interrupt) {
            thread.get().interrupt();
            assertInstanceOf(FileLockInterruptionException.class, told.get(1, TimeUnit.MINUTES));
            channel.close();
        } else {
            channel.close();
            assertInstanceOf(AsynchronousCloseException.class, told.get(1, TimeUnit.MINUTES));
        }
        assertEquals("replaced", Files.readString(plain));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void user_defined_attributes_are_kept_under_a_lock(boolean changedMeanwhile) throws IOException {
        Needs.posix();
        Files.setAttribute(plain, "user:origin", bytes("old"));
        try (FileChannel channel = FileChannel.open(atomic, READ, WRITE);
                FileLock lock = channel.lock()) {
            assertTrue(lock.isValid());
            if (changedMeanwhile) {
                Files.setAttribute(plain, "user:origin", bytes("new"));
            }
            channel.write(bytes("new"));
        }
        assertEquals(changedMeanwhile ? "new" : "old", new String((byte[]) Files.getAttribute(plain, "user:origin")));
        assertEquals("new", Files.readString(plain));
    }

    @Test
    void an_asynchronous_channel_locks_the_file_that_is_there_now() throws Exception {
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(atomic, READ, WRITE)) {
            replace("replaced");
            FileLock lock = channel.lock().get(1, TimeUnit.MINUTES);
            assertSame(channel, lock.acquiredBy());
            ByteBuffer content = ByteBuffer.allocate(8);
            assertEquals(8, channel.read(content, 0).get(1, TimeUnit.MINUTES));
            assertEquals("replaced", new String(content.array()));
            assertEquals(3, channel.write(bytes("new"), 0).get(1, TimeUnit.MINUTES));
            lock.release();
            assertEquals("locked", lookElsewhere());
            assertTrue(channel.lock(0, 5, false).get(1, TimeUnit.MINUTES).isValid());
            assertThrows(OverlappingFileLockException.class, () -> channel.lock(0, 5, false));
        }
        assertEquals("newlaced", Files.readString(plain));
        AsynchronousFileChannel closed = AsynchronousFileChannel.open(atomic, READ, WRITE);
        closed.close();
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> closed.lock().get(1, TimeUnit.MINUTES));
        assertInstanceOf(ClosedChannelException.class, refused.getCause());
    }

    @Test
    void in_memory_too_the_file_that_is_there_now_is_locked() throws IOException {
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
            Path file = Files.writeString(memory.getPath("file"), "old");
            try (FileChannel channel = FileChannel.open(AtomicFiles.atomic(file), READ, WRITE)) {
                channel.position(1);
                replace(file, "replaced");
                try (FileLock lock = channel.lock()) {
                    assertTrue(lock.isValid());
                    assertEquals("replaced", read(channel));
                    channel.write(bytes("new"));
                }
            }
            assertEquals("rnewaced", Files.readString(file));
        }
    }

    @Test
    void another_channel_of_this_jvm_that_wants_a_lock_does_not_take_the_first_ones_away() throws IOException {
        try (FileChannel first = FileChannel.open(atomic, READ, WRITE)) {
            FileLock held = first.lock();
            try (FileChannel second = FileChannel.open(atomic, READ, WRITE)) {
                assertThrows(OverlappingFileLockException.class, second::tryLock);
                assertEquals("locked", lookElsewhere());
                assertTrue(held.isValid());
            }
        }
    }

    @Test
    void what_was_replaced_in_spite_of_a_lock_on_a_part_is_not_replaced_once_more() throws IOException {
        FileChannel channel = FileChannel.open(atomic, READ, WRITE, TemporaryName.UNIQUE);
        channel.lock(0, 1, false);
        channel.write(ByteBuffer.wrap(new byte[1]));
        replace("by who has locked another part");
        AtomicCommitException failed = assertThrows(AtomicCommitException.class, channel::close);
        assertTrue(failed.getMessage().contains("replaced by another file"), failed.getMessage());
        assertEquals("by who has locked another part", Files.readString(plain));
    }
}
