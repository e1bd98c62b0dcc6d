package org.atomicfs.view;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.atomicfs.commit.PendingWrite;
import org.atomicfs.commit.Write;

/**
 * A write through a delegate's asynchronous channel. No thread ever waits for another's result: the delegate's handlers
 * are passed on, and futures are completed by them.
 */
final class AtomicAsynchronousFileChannel extends AsynchronousFileChannel implements WriteHandle {
    private final Write<AsynchronousFileChannel> write;
    private volatile boolean closed;

    AtomicAsynchronousFileChannel(Write<AsynchronousFileChannel> write) {
        this.write = write;
    }

    @Override
    public PendingWrite pending() {
        return write.pending();
    }

    @Override
    public long size() throws IOException {
        return write.channel().size();
    }

    @Override
    public AsynchronousFileChannel truncate(long size) throws IOException {
        if (size < 0 || !write.isUnchanged() || size < write.channel().size()) {
            write.change(channel -> channel.truncate(size));
        }
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        write.attempt(channel -> {
            channel.force(metaData);
            return null;
        });
    }

    @Override
    public <A> void lock(
            long position, long size, boolean shared, A attachment, CompletionHandler<FileLock, ? super A> handler) {
        AsynchronousFileChannel lockable;
        try {
            lockable = write.lockable();
        } catch (IOException e) {
            handler.failed(e, attachment);
            return;
        }
        lockable.lock(
                position,
                AtomicFileLock.clipped(position, size),
                shared,
                attachment,
                new CompletionHandler<FileLock, A>() {
                    @Override
                    public void completed(FileLock lock, A attached) {
                        handler.completed(
                                AtomicFileLock.of(AtomicAsynchronousFileChannel.this, lock, position, size), attached);
                    }

                    @Override
                    public void failed(Throwable cause, A attached) {
                        handler.failed(cause, attached);
                    }
                });
    }

    @Override
    public Future<FileLock> lock(long position, long size, boolean shared) {
        Completion<FileLock> result = new Completion<>();
        lock(position, size, shared, null, result);
        return result.future;
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        long clipped = AtomicFileLock.clipped(position, size);
        return AtomicFileLock.of(this, write.lockable().tryLock(position, clipped, shared), position, size);
    }

    @Override
    public <A> void read(
            ByteBuffer target, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
        write.channel().read(target, position, attachment, handler);
    }

    @Override
    public Future<Integer> read(ByteBuffer target, long position) {
        return write.channel().read(target, position);
    }

    /**
     * The temporary is made in the calling thread, if this is the first change; a failure of that goes to the handler,
     * as every failure of an asynchronous operation does.
     */
    @Override
    public <A> void write(
            ByteBuffer source, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
        AsynchronousFileChannel channel;
        try {
            if (!source.hasRemaining() && position >= 0 && write.leavesOutEmptyWrites()) {
                handler.completed(0, attachment);
                return;
            }
            write.jumped();
            channel = write.beginChange();
        } catch (IOException e) {
            handler.failed(e, attachment);
            return;
        }
        Change<A> change = new Change<>(handler);
        try {
            channel.write(source, position, attachment, change);
        } catch (RuntimeException | Error e) {
            change.refused(e);
            throw e;
        }
    }

    /** One write under way. Ends once: an executor may run the handler in the calling thread, and that may throw. */
    private final class Change<A> implements CompletionHandler<Integer, A> {
        private final CompletionHandler<Integer, ? super A> handler;
        private final AtomicBoolean ended = new AtomicBoolean();

        Change(CompletionHandler<Integer, ? super A> handler) {
            this.handler = handler;
        }

        @Override
        public void completed(Integer n, A attached) {
            write.wrote(n);
            end(); // first: the handler may close the channel
            handler.completed(n, attached);
        }

        @Override
        public void failed(Throwable cause, A attached) {
            Throwable translated = write.fail(cause);
            end();
            handler.failed(translated, attached);
        }

        /** Notes that the write was not begun, unless what was thrown is the handler's own. */
        void refused(Throwable cause) {
            if (!ended.get()) {
                write.fail(cause);
                end();
            }
        }

        private void end() {
            if (ended.compareAndSet(false, true)) {
                write.endChange();
            }
        }
    }

    @Override
    public Future<Integer> write(ByteBuffer source, long position) {
        Completion<Integer> result = new Completion<>();
        write(source, position, null, result);
        return result.future;
    }

    @Override
    public boolean isOpen() {
        return !closed && write.channel().isOpen();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        write.close(this);
    }

    /** Completes a future. */
    private static final class Completion<T> implements CompletionHandler<T, Void> {
        private final CompletableFuture<T> future = new CompletableFuture<>();

        @Override
        public void completed(T result, Void attachment) {
            future.complete(result);
        }

        @Override
        public void failed(Throwable cause, Void attachment) {
            future.completeExceptionally(cause);
        }
    }
}
