package org.atomicfs.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.DirectoryListing;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several processes count in one file, each under a lock on it, as programs do that know nothing of atomicfs. */
class LockedCounterIT {
    private static final int PROCESSES = 4;
    private static final int INCREMENTS = Integer.getInteger("increments", 100);

    private static final OpenOption[] OPTIONS = {StandardOpenOption.READ, StandardOpenOption.WRITE};

    /** How a program opens, locks, reads and writes. */
    enum Surface {
        FILE_CHANNEL {
            @Override
            void increment(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, OPTIONS);
                        FileLock lock = channel.lock()) {
                    add(channel, lock);
                }
            }
        },
        BYTE_CHANNEL {
            @Override
            void increment(Path file) throws IOException {
                try (FileChannel channel = (FileChannel) Files.newByteChannel(file, OPTIONS);
                        FileLock lock = channel.lock(0, Long.MAX_VALUE, false)) {
                    add(channel, lock);
                }
            }
        },
        UNLOCKED_BY_CLOSE {
            @Override
            void increment(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, OPTIONS)) {
                    add(channel, channel.lock());
                }
            }
        },
        CREATED {
            @Override
            void increment(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(
                                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
                        FileLock lock = channel.lock()) {
                    add(channel, lock);
                }
            }
        },
        REGION {
            @Override
            void increment(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, OPTIONS);
                        FileLock lock = channel.lock(0, Long.BYTES, false)) {
                    add(channel, lock);
                }
            }
        },
        TRY_LOCK {
            @Override
            void increment(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, OPTIONS)) {
                    FileLock lock = channel.tryLock();
                    while (lock == null) {
                        Thread.yield();
                        lock = channel.tryLock();
                    }
                    add(channel, lock);
                    lock.release();
                }
            }
        },
        SHARED_FIRST {
            @Override
            void increment(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, OPTIONS)) {
                    try (FileLock shared = channel.lock(0, Long.MAX_VALUE, true)) {
                        assertTrue(shared.isShared());
                        assertEquals(Long.BYTES, channel.read(ByteBuffer.allocate(Long.BYTES), 0));
                    }
                    try (FileLock lock = channel.lock()) {
                        add(channel, lock);
                    }
                }
            }
        },
        ASYNCHRONOUS_FUTURE {
            @Override
            void increment(Path file) throws Exception {
                try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, OPTIONS);
                        FileLock lock = channel.lock().get()) {
                    add(channel, lock);
                }
            }
        },
        ASYNCHRONOUS_HANDLER {
            @Override
            void increment(Path file) throws Exception {
                try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, OPTIONS)) {
                    CompletableFuture<FileLock> locked = new CompletableFuture<>();
                    channel.lock(null, new CompletionHandler<FileLock, Void>() {
                        @Override
                        public void completed(FileLock lock, Void attachment) {
                            locked.complete(lock);
                        }

                        @Override
                        public void failed(Throwable cause, Void attachment) {
                            locked.completeExceptionally(cause);
                        }
                    });
                    add(channel, locked.get());
                }
            }
        },
        ASYNCHRONOUS_TRY_LOCK {
            @Override
            void increment(Path file) throws Exception {
                try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, OPTIONS)) {
                    FileLock lock = channel.tryLock();
                    while (lock == null) {
                        Thread.yield();
                        lock = channel.tryLock();
                    }
                    add(channel, lock);
                    lock.release();
                }
            }
        };

        abstract void increment(Path file) throws Exception;
    }

    private static void add(FileChannel channel, FileLock lock) throws IOException {
        assertTrue(lock.isValid());
        ByteBuffer counter = ByteBuffer.allocate(Long.BYTES);
        channel.read(counter, 0); // nothing of a new file
        channel.write(counter.putLong(0, counter.getLong(0) + 1).clear(), 0);
    }

    private static void add(AsynchronousFileChannel channel, FileLock lock)
            throws InterruptedException, ExecutionException {
        assertTrue(lock.isValid());
        ByteBuffer counter = ByteBuffer.allocate(Long.BYTES);
        assertEquals(Long.BYTES, channel.read(counter, 0).get());
        channel.write(counter.putLong(0, counter.getLong(0) + 1).clear(), 0).get();
    }

    /** Counts; every failure ends it. */
    static final class Counting {
        public static void main(String[] arguments) throws Exception {
            Path file = AtomicFiles.atomic(Path.of(arguments[0]));
            Surface surface = Surface.valueOf(arguments[1]);
            for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
                surface.increment(file);
            }
        }
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void no_increment_fails_and_none_is_lost(Surface surface) throws IOException {
        Path file = directory.resolve("counter");
        if (surface != Surface.CREATED) {
            Files.write(file, new byte[Long.BYTES]);
        }
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            List<String> command =
                    ChildProcess.program(Counting.class, file.toString(), surface.name(), Integer.toString(INCREMENTS));
            command.add(1, "-Dorg.atomicfs.durability=" + Durability.NONE);
            processes.add(new ProcessBuilder(command)
                    .redirectError(directory.resolve("errors." + i).toFile())
                    .start());
        }
        for (Process process : processes) {
            ChildProcess.await(process);
        }
        StringBuilder errors = new StringBuilder();
        for (int i = 0; i < PROCESSES; i++) {
            errors.append(Files.readString(directory.resolve("errors." + i)));
            Files.delete(directory.resolve("errors." + i));
        }
        assertEquals("", errors.toString());
        assertEquals(
                PROCESSES * INCREMENTS,
                ByteBuffer.wrap(Files.readAllBytes(file)).getLong());
        assertEquals(List.of("counter"), DirectoryListing.names(directory));
    }
}
