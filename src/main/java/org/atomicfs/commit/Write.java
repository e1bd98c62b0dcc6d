package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.CommitPolicy;
import org.atomicfs.unwind.OpenSite;
import org.atomicfs.unwind.Unwinding;

/**
 * One write in flight, as its writer uses it; made by {@link Opening}. Passes operations on to the delegate's channel,
 * notices those that fail, and makes the temporary at the first change if there is none yet.
 *
 * <p>Safe for use by several threads, as far as the delegate's own channel is.
 *
 * @param <C> what the delegate's file is written through
 */
public final class Write<C extends Closeable> {
    /**
     * An operation on the delegate's channel.
     *
     * @param <C> the channel
     * @param <R> what the operation returns
     */
    @FunctionalInterface
    public interface Operation<C, R> {
        /** Operates on the channel. */
        R on(C channel) throws IOException;
    }

    private final InFlight<C> inFlight;
    private final Staging<C> staging;
    private final Ending ending;
    private final OpenSite site; // null unless close() asks for a propagating exception
    private volatile Locking<C> locking; // null as long as the caller does not lock

    /** A write as it is known before anything is created for it. */
    Write(InFlight<C> inFlight, CommitPolicy policy) {
        this.inFlight = inFlight;
        staging = inFlight.staging;
        ending = inFlight.ending;
        boolean asks = policy == CommitPolicy.ON_SUCCESS && !inFlight.destination.inPlace();
        site = asks ? OpenSite.here(LibraryFrames.TEST) : null;
    }

    /** The same write, as others than its writer see it. */
    public PendingWrite pending() {
        return inFlight;
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

    /** Forces what was written, and makes this a failed write if that fails. */
    public void force(Operation<? super C, ?> forcing) throws IOException {
        try {
            EarlyPublication.of(inFlight, false);
            forcing.on(channel());
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

    /** Locks the file. */
    public synchronized Locking<C> locking() {
        if (locking == null) {
            locking = new Locking<>(inFlight, this::failed);
        }
        return locking;
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
        inFlight.changes.begin();
        inFlight.changed = true;
        try {
            ending.requireOpen();
            Target<C> target = staging.target();
            return target instanceof Target.Unchanged ? stage() : target.channel();
        } catch (Throwable e) {
            endChange();
            throw failed(e);
        }
    }

    /** Announces a change: a write that is ended before {@link #beginExpectedChange} is not published. */
    public void expectChange() {
        inFlight.changes.expect();
    }

    /** As {@link #beginChange}, for one that was announced. */
    public C beginExpectedChange() throws IOException {
        try {
            return beginChange();
        } finally {
            endChange(); // as which it was announced
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
                if (locking == null) {
                    staging.stage(this::isStopped);
                } else {
                    locking.stage(this::isStopped);
                }
                ending.requireOpen();
            }
            return channel();
        }
    }

    /** Notes that a change has ended, well or not. */
    public void endChange() {
        inFlight.changes.end();
    }

    /** Counts bytes that the delegate accepted; a negative number (end of input) counts as none. */
    public void wrote(long bytes) {
        if (bytes > 0) {
            inFlight.wrote(bytes);
        }
    }

    /** Notes that something else was done than to write at the end: the size is not the number of bytes any more. */
    public void jumped() {
        inFlight.jumped();
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
        return cause instanceof FileSystemException e ? Messages.about(inFlight.requested(), e) : cause;
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

    /**
     * Ends the write: publishes or discards, as the policy and what happened say.
     *
     * @param writer what the caller writes through: reachable until that is done
     */
    public void close(Object writer) throws IOException {
        try {
            StackReserve.check();
            if (inFlight.isKeptOpen()) {
                ending.stop();
            } else {
                ending.close(unwinding());
            }
        } catch (Error e) { // no memory or no stack: nothing is called here
            inFlight.cutOff = e;
            Unfinished.cutOff = true;
            throw e;
        } finally {
            inFlight.tell();
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
                ending.abort(e, Failure.Kind.ABORTED);
            } catch (IOException | RuntimeException cleanup) {
                Messages.suppress(e, cleanup);
            }
            throw e;
        }
    }
}
