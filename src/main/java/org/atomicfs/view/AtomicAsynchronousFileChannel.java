package org.atomicfs.view;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.atomicfs.commit.CallerLocks;
import org.atomicfs.commit.Locking;
import org.atomicfs.commit.PendingWrite;
import org.atomicfs.commit.Write;

/**
 * A write through a delegate's asynchronous channel. No thread ever waits for another's result: the delegate's handlers
 * are passed on, and futures are completed by them.
 */
final class AtomicAsynchronousFileChannel extends AsynchronousFileChannel implements WriteHandle {
    private final Write<AsynchronousFileChannel> write;
    private final FirstChange firstChange;
    private volatile boolean closed;

    /**
     * Wraps a write.
     *
     * @param executor runs what may take long
     */
    AtomicAsynchronousFileChannel(Write<AsynchronousFileChannel> write, Executor executor) {
        this.write = write;
        firstChange = new FirstChange(executor);
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
        write.force(channel -> {
            channel.force(metaData);
            return null;
        });
    }

    @Override
    public <A> void lock(
            long position, long size, boolean shared, A attachment, CompletionHandler<FileLock, ? super A> handler) {
        new Locker<>(position, size, shared, handler).begin(attachment);
    }

    /** Takes one lock, in as many steps as are needed. */
    private final class Locker<A> implements CompletionHandler<FileLock, A> {
        private final Locking<AsynchronousFileChannel> locking = write.locking();
        private final long position;
        private final long size;
        private final boolean shared;
        private final CompletionHandler<FileLock, ? super A> handler;
        private volatile AsynchronousFileChannel lockable;

        Locker(long position, long size, boolean shared, CompletionHandler<FileLock, ? super A> handler) {
            this.position = position;
            this.size = size;
            this.shared = shared;
            this.handler = Objects.requireNonNull(handler);
        }

        private long clipped() {
            return CallerLocks.clipped(position, size);
        }

        void begin(A attachment) {
            CallerLocks.Held held;
            try {
                held = locking.again(position, clipped(), shared);
                lockable = held == null ? locking.lockable() : null;
            } catch (IOException e) {
                handler.failed(e, attachment);
                return;
            }
            if (held == null) {
                lockable.lock(position, clipped(), shared, attachment, this);
            } else {
                completed(held, attachment);
            }
        }

        private void goOn(A attachment) {
            try {
                lockable = locking.lockable();
                lockable.lock(position, clipped(), shared, attachment, this);
            } catch (IOException | RuntimeException e) {
                handler.failed(e, attachment);
            }
        }

        private void completed(CallerLocks.Held held, A attachment) {
            handler.completed(AtomicFileLock.of(AtomicAsynchronousFileChannel.this, held, position, size), attachment);
        }

        @Override
        public void completed(FileLock taken, A attachment) {
            CallerLocks.Held held;
            try {
                held = locking.confirm(lockable, taken);
            } catch (IOException | RuntimeException e) {
                handler.failed(e, attachment);
                return;
            }
            if (held == null) {
                goOn(attachment);
            } else {
                completed(held, attachment);
            }
        }

        @Override
        public void failed(Throwable cause, A attachment) {
            if (cause instanceof ClosedChannelException && locking.isOutdated(lockable)) {
                goOn(attachment);
            } else {
                handler.failed(cause, attachment);
            }
        }
    }

    @Override
    public Future<FileLock> lock(long position, long size, boolean shared) {
        Completion<FileLock> result = new Completion<>();
        lock(position, size, shared, null, result);
        return result.future;
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        long clipped = CallerLocks.clipped(position, size);
        CallerLocks.Held held =
                write.locking().lock(position, clipped, shared, channel -> channel.tryLock(position, clipped, shared));
        return AtomicFileLock.of(this, held, position, size);
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
     * Makes the temporary, if this is the first change, in the executor: to copy a file takes its time. A failure of
     * that goes to the handler, as every failure of an asynchronous operation does.
     */
    @Override
    public <A> void write(
            ByteBuffer source, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
        Objects.requireNonNull(handler);
        try {
            if (!source.hasRemaining() && position >= 0 && write.leavesOutEmptyWrites()) {
                handler.completed(0, attachment);
                return;
            }
        } catch (IOException e) {
            handler.failed(e, attachment);
            return;
        }
        write.jumped();
        Change<A> change = new Change<>(source, position, attachment, handler);
        if (position >= 0 && write.isUnchanged() && isOpen()) {
            write.expectChange();
            try {
                firstChange.submit(change);
            } catch (RuntimeException | Error e) {
                change.isRefused(e);
                throw e;
            }
        } else {
            change.beginNow();
        }
    }

    /** One write. Ends once: an executor may run the handler in the calling thread, and that may throw. */
    private final class Change<A> implements CompletionHandler<Integer, A>, FirstChange.Pending {
        private final ByteBuffer source;
        private final long position;
        private final A attachment;
        private final CompletionHandler<Integer, ? super A> handler;
        private final AtomicBoolean ended = new AtomicBoolean();

        Change(ByteBuffer source, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
            this.source = source;
            this.position = position;
            this.attachment = attachment;
            this.handler = handler;
        }

        /** In the thread of the caller, to whom is thrown what the delegate throws. */
        void beginNow() {
            AsynchronousFileChannel channel;
            try {
                channel = write.beginChange();
            } catch (IOException e) {
                handler.failed(e, attachment);
                return;
            }
            try {
                channel.write(source, position, attachment, this);
            } catch (RuntimeException | Error e) {
                isRefused(e);
                throw e;
            }
        }

        @Override
        public void begin() {
            AsynchronousFileChannel channel;
            try {
                channel = write.beginExpectedChange();
            } catch (Throwable e) {
                handler.failed(e, attachment);
                return;
            }
            try {
                channel.write(source, position, attachment, this);
            } catch (RuntimeException | Error e) {
                if (!isRefused(e)) {
                    throw e;
                }
                handler.failed(e, attachment);
            }
        }

        @Override
        public void refuse(Throwable rejection) {
            isRefused(rejection);
            handler.failed(rejection, attachment);
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
        private boolean isRefused(Throwable cause) {
            if (ended.get()) {
                return false;
            }
            write.fail(cause);
            end();
            return true;
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
