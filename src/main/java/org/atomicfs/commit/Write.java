package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.CommitPolicy;
import org.atomicfs.unwind.OpenSite;
import org.atomicfs.unwind.Unwinding;

/**
 * One write in flight, made by {@link Opening}. Counts and watches what the caller does; where it goes is for
 * {@link Staging} to know, and what becomes of it for {@link Ending}.
 *
 * <p>Safe for use by several threads, as far as the delegate's own channel is.
 *
 * @param <C> what the delegate's file is written through
 */
public final class Write<C extends Closeable> implements PendingWrite {
    /** An operation on the delegate's channel. */
    @FunctionalInterface
    public interface Operation<C, R> {
        /** Operates on the channel. */
        R on(C channel) throws IOException;
    }

    private final Object owner;
    private final boolean ofShutdownHook;
    private final Path requested;
    private final Destination destination;
    private final Staging<C> staging;
    private final Ending ending;
    private final Path requestedNormal; // as Registry has them
    private final Path destinationNormal;
    private final Thread thread = Thread.currentThread();
    private final long opened = System.nanoTime();
    private final OpenSite site; // null unless close() asks for a propagating exception
    private final Throwable trace; // where it was opened; null unless that is wanted

    private final AtomicInteger changesUnderWay = new AtomicInteger();
    private final LongAdder bytesWritten = new LongAdder();
    private volatile boolean changed; // whether a change was begun
    private volatile boolean jumped; // whether anything but writing at the end was done
    private volatile boolean closingKeepsIt; // closing does not end it
    private Cleaner.Cleanable unclosed; // what is done when the writer is dropped

    Write(
            Object owner,
            boolean ofShutdownHook,
            Path requested,
            Destination destination,
            OpenRequest request,
            Opener<C> opener,
            Publication.Finish finish) {
        this.owner = owner;
        this.ofShutdownHook = ofShutdownHook;
        this.requested = requested;
        this.destination = destination;
        CommitPolicy policy = request.atomic().commitPolicy();
        staging = new Staging<>(requested, destination, request, opener, finish);
        ending = new Ending(requested, policy, new Content());
        requestedNormal = Registry.normal(requested);
        destinationNormal = destination.path() == requested ? requestedNormal : Registry.normal(destination.path());
        boolean asks = policy == CommitPolicy.ON_SUCCESS && !destination.inPlace();
        site = asks ? OpenSite.here(LibraryFrames.TEST) : null;
        trace = request.atomic().traceOpens() ? new Throwable("It was opened here") : null;
    }

    /** Makes it known to others, who can abort it from then on. */
    void register() {
        Registry.add(this, requestedNormal, destinationNormal);
    }

    /** Opens what is written first. */
    void begin(FileAttribute<?>... attributes) throws IOException {
        if (destination.inPlace()) {
            // to open a named pipe waits for its reader: who aborts the write does not, and has no name to remove
            changesUnderWay.incrementAndGet();
            try {
                staging.begin(attributes);
            } finally {
                endChange();
            }
            ending.requireOpen();
            return;
        }
        synchronized (ending) { // who aborts the write waits, so as to find all that there is to remove
            ending.requireOpen();
            staging.begin(attributes);
        }
    }

    /** Discards the write when its writer, through whom alone it can be closed, becomes unreachable. */
    void watch(Object writer) {
        unclosed = Unclosed.watch(writer, this::abandon);
    }

    /** Leaves nothing of a write that could not be opened. */
    void undo(Throwable cause) {
        ending.undo(cause);
    }

    /** The delegate's channel, for what changes no content. */
    public C channel() {
        return staging.target().channel();
    }

    /** Does what changes no content, but makes this a failed write if it fails. */
    public <R> R attempt(Operation<? super C, R> operation) throws IOException {
        try {
            return operation.on(channel());
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Does what changes nothing, and whose failure has no effect on the write. */
    public <R> R look(Operation<? super C, R> operation) throws IOException {
        try {
            return operation.on(channel());
        } catch (ClosedChannelException e) {
            throw ending.explained(e);
        }
    }

    /**
     * Whether writing nothing is to be left out, rather than be a change. It must not reach the destination itself:
     * jimfs fills the gap up to the position.
     */
    public boolean leavesOutEmptyWrites() throws ClosedChannelException {
        if (!isUnchanged()) {
            return false;
        }
        if (channel() instanceof Channel inner && !inner.isOpen()) {
            throw new ClosedChannelException();
        }
        return true;
    }

    /** Whether this is still about the destination itself, opened with its content kept and not changed. */
    public boolean isUnchanged() {
        return staging.target() instanceof Target.Unchanged;
    }

    /**
     * The delegate's channel, for locking. Who locks a file wants to exclude others who lock it: so a file that was
     * created only to be locked, by an open that does not truncate and before anything is written, is published then,
     * empty. Everything else that was not published locks its temporary.
     */
    public C lockable() throws IOException {
        if (!changed && staging.mayBeLockFile()) {
            synchronized (ending) {
                if (!changed && ending.isOpen()) {
                    try {
                        staging.publishEmpty();
                    } catch (Throwable e) {
                        throw failed(e);
                    }
                }
            }
        }
        return channel();
    }

    /** Changes content; makes this a failed write if that fails. */
    public <R> R change(Operation<? super C, R> operation) throws IOException {
        C changeable = beginChange();
        try {
            return operation.on(changeable);
        } catch (Throwable e) {
            throw failed(e);
        } finally {
            endChange();
        }
    }

    /**
     * The delegate's channel, for a change that {@link #endChange} will end. A write that is ended before that is not
     * published, since it is not known how much of the change is in it.
     */
    public C beginChange() throws IOException {
        changesUnderWay.incrementAndGet();
        changed = true;
        try {
            ending.requireOpen();
            Target<C> target = staging.target();
            return target instanceof Target.Unchanged ? stage() : target.channel();
        } catch (Throwable e) {
            endChange();
            throw failed(e);
        }
    }

    /** Whether no change can begin any more, and one under way is in vain. */
    boolean isStopped() {
        return !ending.isOpen();
    }

    private C stage() throws IOException {
        StackReserve.check();
        synchronized (ending) {
            ending.requireOpen();
            if (isUnchanged()) {
                staging.stage(this::isStopped);
                ending.requireOpen();
            }
            return channel();
        }
    }

    /** Notes that a change has ended, well or not. */
    public void endChange() {
        changesUnderWay.decrementAndGet();
    }

    /** Counts bytes that the delegate accepted; a negative number (end of input) counts as none. */
    public void wrote(long bytes) {
        if (bytes > 0) {
            bytesWritten.add(bytes);
        }
    }

    /** Notes that something else was done than to write at the end: the size is not the number of bytes any more. */
    public void jumped() {
        jumped = true;
    }

    /**
     * Makes this a failed write, and returns the exception to throw: the same, about the file that the caller knows.
     * The first failure stays.
     */
    public Throwable fail(Throwable cause) {
        Throwable about = about(cause);
        ending.fail(about, Failure.Kind.FAILED);
        return about;
    }

    private Throwable about(Throwable cause) {
        // an operation whose channel is closed meanwhile may throw anything: a stream of the JDK, that no bytes were
        // written
        AtomicCommitException aborted =
                cause instanceof Exception && !(cause instanceof AtomicCommitException) ? ending.aborted() : null;
        if (aborted != null) {
            Messages.suppress(aborted, cause);
            return aborted;
        }
        return cause instanceof FileSystemException e ? Messages.about(requested, e) : cause;
    }

    /** As {@link #fail}, for an exception that an operation threw: returns it if it has to be declared. */
    public IOException failed(Throwable cause) {
        Throwable about = fail(cause);
        if (about instanceof RuntimeException e) {
            throw e;
        }
        if (about instanceof Error e) {
            throw e;
        }
        return (IOException) about;
    }

    @Override
    public boolean markFailed(Throwable cause) {
        return ending.fail(cause, Failure.Kind.ASKED_FOR);
    }

    /** Makes {@link #close} let no further change begin, and nothing else: the write is ended by another call. */
    public void keepOpen() {
        closingKeepsIt = true;
    }

    /**
     * Ends the write: publishes or discards, as the policy and what happened say.
     *
     * @param writer what the caller writes through: reachable until that is done
     */
    public void close(Object writer) throws IOException {
        StackReserve.check();
        try {
            if (closingKeepsIt) {
                ending.stop();
            } else {
                ending.close(unwinding());
            }
        } finally {
            Reference.reachabilityFence(writer);
        }
    }

    /** Whether an exception is propagating through the caller of {@code close()}, if that is to be known. */
    private Unwinding unwinding() {
        if (site == null || ending.isSettled()) {
            return Unwinding.NO;
        }
        try {
            return site.unwinding();
        } catch (VirtualMachineError e) {
            try {
                ending.abort(e, Failure.Kind.ASKED_FOR);
            } catch (IOException | RuntimeException cleanup) {
                Messages.suppress(e, cleanup);
            }
            throw e;
        }
    }

    @Override
    public void commit() throws IOException {
        StackReserve.check();
        ending.commit();
    }

    @Override
    public void abort() throws IOException {
        StackReserve.check();
        ending.abort(null, Failure.Kind.ASKED_FOR);
    }

    @Override
    public void abort(IOException reason) throws IOException {
        StackReserve.check();
        ending.abort(reason, Failure.Kind.ABORTED);
    }

    /** Runs when the writer became unreachable before the write ended. */
    private void abandon() {
        if (ending.hasEnded()) {
            return;
        }
        boolean written = staging.target() instanceof Target.Staged;
        try {
            abort();
        } catch (IOException | RuntimeException e) {
            Registry.logger().log(Level.WARNING, Messages.notDiscarded(requested), e);
        }
        if (written) {
            Registry.logger().log(Level.WARNING, Messages.neverClosed(requested, trace != null), trace);
        }
    }

    /** What {@link Ending} ends. */
    private final class Content implements Ending.Content {
        @Override
        public boolean isStaged() {
            return staging.target() instanceof Target.Staged;
        }

        @Override
        public boolean isInPlace() {
            return staging.target() instanceof Target.InPlace;
        }

        @Override
        public IOException failure() {
            if (changesUnderWay.get() > 0) {
                return new IOException(Messages.UNDER_WAY);
            }
            return staging.isClosedUnderneath() ? new ClosedChannelException() : null;
        }

        @Override
        public void publish() throws IOException {
            staging.publish(jumped ? -1 : bytesWritten.sum());
        }

        @Override
        public boolean isPublished() {
            return staging.isPublished();
        }

        @Override
        public void discard() throws IOException {
            staging.discard();
        }

        @Override
        public void ended() {
            Registry.remove(Write.this, requestedNormal, destinationNormal);
            Shutdown.ended();
            if (unclosed != null) {
                unclosed.clean();
            }
        }
    }

    @Override
    public Object owner() {
        return owner;
    }

    @Override
    public Thread thread() {
        return thread;
    }

    @Override
    public boolean isOfShutdownHook() {
        return ofShutdownHook;
    }

    @Override
    public Path requested() {
        return requested;
    }

    @Override
    public Path destination() {
        return destination.path();
    }

    @Override
    public Optional<Path> temporary() {
        return !ending.hasEnded() && staging.target() instanceof Target.Staged<C> staged
                ? Optional.of(staged.claim().temporary())
                : Optional.empty();
    }

    @Override
    public Status status() {
        return ending.status();
    }

    @Override
    public long bytesWritten() {
        return bytesWritten.sum();
    }

    @Override
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - opened);
    }
}
