package org.atomicfs.view;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A stream over a channel that others lock and force too, and on which an interrupt has no effect, as on the JDK's own
 * stream of a file. A {@link java.nio.channels.FileChannel} would be closed by an interrupt. An
 * {@link AsynchronousFileChannel} is not; the JDK's one for Unix (SimpleAsynchronousFileChannelImpl) writes in the
 * executor that it was opened with, and the one here runs everything in the calling thread.
 */
final class UninterruptibleStream extends OutputStream {
    /** Keeps no thread, and so needs no end. */
    private static final class CallingThread extends AbstractExecutorService {
        static final CallingThread INSTANCE = new CallingThread();

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {
            // nothing is kept
        }

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

    private final AsynchronousFileChannel channel;
    private long position;
    private byte[] wrapped = {}; // what the buffer wraps: callers mostly come with the same array again
    private ByteBuffer buffer = ByteBuffer.wrap(wrapped);
    private byte[] single;

    UninterruptibleStream(AsynchronousFileChannel channel) {
        this.channel = channel;
    }

    /** Creates or opens a file for such a stream. */
    static AsynchronousFileChannel open(Path file, Set<OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return file.getFileSystem()
                .provider()
                .newAsynchronousFileChannel(file, options, CallingThread.INSTANCE, attributes);
    }

    @Override
    public synchronized void write(int b) throws IOException {
        if (single == null) {
            single = new byte[1];
        }
        single[0] = (byte) b;
        write(single, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (bytes != wrapped) {
            buffer = ByteBuffer.wrap(bytes);
            wrapped = bytes;
        }
        buffer.limit(offset + length).position(offset);
        while (buffer.hasRemaining()) {
            position += write();
        }
    }

    /** By way of a future, and not of a handler: after a handler the JDK clears the thread's interrupt status. */
    private int write() throws IOException {
        try {
            return channel.write(buffer, position).get(); // it is complete: there is nothing to wait for
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError("it did not wait", e);
        }
    }

    private static IOException thrown(Throwable failure) {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return (IOException) failure;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
