package org.atomicfs;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.ObservedFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first change of a file that is opened asynchronously, which copies it. */
class AsynchronousFirstChangeTest {
    @TempDir
    Path directory;

    private Path plain;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "of-executor"));

    @BeforeEach
    void write_the_file() throws IOException {
        plain = Files.writeString(directory.resolve("file"), "0123456789");
    }

    @AfterEach
    void nothing_is_left() throws IOException {
        executor.shutdown();
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    private AsynchronousFileChannel open(Path file, ExecutorService in) throws IOException {
        return AsynchronousFileChannel.open(AtomicFiles.atomic(file), Set.of(READ, WRITE), in);
    }

    private static ByteBuffer bytes(String content) {
        return ByteBuffer.wrap(content.getBytes());
    }

    /**
     * Observes once it is known of the file system whether it keeps what is opened: that is tried with another file.
     */
    private Path observe(ObservedFileSystem.Observer observer) throws IOException {
        AtomicBoolean known = new AtomicBoolean();
        Path observed = ObservedFileSystem.over(plain, (operation, file) -> {
            if (known.get()) {
                observer.before(operation, file);
            }
        });
        Files.newByteChannel(AtomicFiles.atomic(observed), WRITE).close();
        known.set(true);
        return observed;
    }

    @Test
    void the_caller_does_not_wait_for_the_copy() throws Exception {
        CountDownLatch copying = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Thread> copier = new AtomicReference<>();
        Path observed = observe((operation, file) -> {
            if (operation == ObservedFileSystem.Operation.WRITE && copier.compareAndSet(null, Thread.currentThread())) {
                copying.countDown();
                await(goOn);
            }
        });
        List<Future<Integer>> writes = new ArrayList<>();
        try (AsynchronousFileChannel channel = open(observed, executor)) {
            for (int i = 0; i < 5; i++) {
                writes.add(channel.write(bytes("x"), 2 * i));
            }
            await(copying);
            assertEquals("of-executor", copier.get().getName());
            for (Future<Integer> write : writes) {
                assertFalse(write.isDone());
            }
            goOn.countDown();
            for (Future<Integer> write : writes) {
                assertEquals(1, write.get(1, TimeUnit.MINUTES));
            }
        }
        assertEquals("x1x3x5x7x9", Files.readString(plain));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(1, TimeUnit.MINUTES));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "abort"})
    void a_copy_under_way_is_cut_short_by_who_ends_the_write(String end) throws Exception {
        long size = 1L << 32;
        try (RandomAccessFile sparse = new RandomAccessFile(plain.toFile(), "rw")) {
            sparse.setLength(size);
        }
        CountDownLatch copying = new CountDownLatch(10);
        Path observed = observe((operation, file) -> {
            if (operation == ObservedFileSystem.Operation.WRITE) {
                copying.countDown();
            }
        });
        AsynchronousFileChannel channel = open(observed, null);
        Future<Integer> first = channel.write(bytes("x"), 0);
        Future<Integer> second = channel.write(bytes("x"), 1);
        await(copying);
        if (end.equals("close")) {
            assertThrows(AtomicCommitException.class, channel::close);
        } else {
            ((AtomicWrite) channel).abort();
        }
        assertThrows(ExecutionException.class, () -> first.get(1, TimeUnit.MINUTES));
        assertThrows(ExecutionException.class, () -> second.get(1, TimeUnit.MINUTES));
        channel.close();
        assertEquals(size, Files.size(plain));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_handler_may_close_the_channel(boolean own) throws Exception {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        AsynchronousFileChannel channel = open(plain, own ? executor : null);
        channel.write(bytes("x"), 0, null, new CompletionHandler<Integer, Void>() {
            @Override
            public void completed(Integer n, Void attachment) {
                try {
                    channel.close();
                    done.complete(n);
                } catch (IOException e) {
                    done.completeExceptionally(e);
                }
            }

            @Override
            public void failed(Throwable cause, Void attachment) {
                done.completeExceptionally(cause);
            }
        });
        assertEquals(1, done.get(1, TimeUnit.MINUTES));
        assertEquals("x123456789", Files.readString(plain));
    }

    @Test
    void a_failure_of_the_copy_goes_to_the_handler_and_fails_the_write() throws Exception {
        AsynchronousFileChannel channel = open(plain, executor);
        Files.delete(plain);
        Future<Integer> write = channel.write(bytes("x"), 0);
        ExecutionException failed = assertThrows(ExecutionException.class, () -> write.get(1, TimeUnit.MINUTES));
        assertInstanceOf(java.nio.file.NoSuchFileException.class, failed.getCause());
        assertThrows(AtomicCommitException.class, channel::close);
        Files.writeString(plain, "");
    }

    @Test
    void an_executor_that_takes_nothing_refuses_as_with_a_plain_path() throws Exception {
        AsynchronousFileChannel channel = open(plain, executor);
        executor.shutdown();
        assertThrows(RejectedExecutionException.class, () -> channel.write(bytes("x"), 0));
        assertThrows(AtomicCommitException.class, channel::close);
        assertEquals("0123456789", Files.readString(plain));
    }

    @Test
    void wrong_arguments_are_refused_in_the_thread_of_the_caller() throws IOException {
        AsynchronousFileChannel channel = open(plain, executor);
        assertThrows(IllegalArgumentException.class, () -> channel.write(bytes("x"), -1));
        assertThrows(
                NullPointerException.class,
                () -> channel.write(bytes("x"), 0, null, (CompletionHandler<Integer, Void>) null));
        assertThrows(AtomicCommitException.class, channel::close);
    }
}
