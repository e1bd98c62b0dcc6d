package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the handle of a write, and the handlers of its operations, do to it. */
class HandlesTest {
    @TempDir
    Path directory;

    @Test
    void a_channel_is_closed_once_its_handle_has_ended_the_write() throws IOException {
        Path file = directory.resolve("file");
        FileChannel committed =
                FileChannel.open(AtomicFiles.atomic(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        committed.write(ByteBuffer.wrap(new byte[] {'a'}));
        ((AtomicWrite) committed).commit();
        assertFalse(committed.isOpen());
        assertEquals("a", Files.readString(file));
        FileChannel aborted = FileChannel.open(
                AtomicFiles.atomic(file), StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        ((AtomicWrite) aborted).abort();
        assertFalse(aborted.isOpen());
        assertEquals("a", Files.readString(file));
    }

    @Test
    void a_handler_that_throws_in_the_calling_thread_does_not_fail_the_write() throws IOException {
        Path file = directory.resolve("file");
        try (AsynchronousFileChannel channel = AtomicFiles.atomic(file)
                .getFileSystem()
                .provider()
                .newAsynchronousFileChannel(
                        AtomicFiles.atomic(file),
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        new Direct())) {
            assertThrows(
                    IllegalStateException.class,
                    () -> channel.write(ByteBuffer.wrap(new byte[] {'a'}), 0, null, new CompletionHandler<>() {
                        @Override
                        public void completed(Integer n, Object attachment) {
                            throw new IllegalStateException("of the handler");
                        }

                        @Override
                        public void failed(Throwable cause, Object attachment) {
                            throw new AssertionError(cause);
                        }
                    }));
        }
        assertEquals("a", Files.readString(file));
    }

    /** Runs everything in the calling thread, as CallerRunsPolicy does when there is much to do. */
    private static final class Direct extends AbstractExecutorService {
        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    @Test
    void who_finds_a_file_busy_learns_who_writes_it_from_where_and_how_to_end_that(@TempDir Path directory)
            throws IOException {
        AtomicOptions traced = AtomicOptions.builder().traceOpens(true).build();
        Path file = AtomicFiles.wrap(directory.getFileSystem(), traced)
                .getPath(directory.resolve("leaked").toString());
        OutputStream leaked = Files.newOutputStream(file);
        leaked.write(1);
        FileAlreadyExistsException busy = assertThrows(
                FileAlreadyExistsException.class,
                () -> Files.newOutputStream(file).close());
        String here = getClass().getName() + ".who_finds_a_file_busy";
        assertTrue(busy.getReason().contains("thread '" + Thread.currentThread().getName() + "'"), busy.getReason());
        assertTrue(busy.getReason().contains(" at " + here), busy.getReason());
        assertTrue(busy.getReason().contains("AtomicFiles.pending(path)"), busy.getReason());
        assertNotNull(busy.getCause());
        AtomicWrite pending = AtomicFiles.pending(file).orElseThrow();
        assertTrue(pending.toString().contains("leaked: OPEN, 1 bytes"), pending.toString());
        pending.abort();
        Files.writeString(file, "taken over");
        assertThrows(IOException.class, () -> leaked.write(2));
        leaked.close();
        assertEquals("taken over", Files.readString(file));
    }
}
