package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.atomicfs.AtomicWrite.Status;

/**
 * What is known of one write: whose it is, what it is about, how much was written. Registers it while it is in flight,
 * and watches for a writer that is dropped. Where it goes is for {@link Staging} to know, and what becomes of it for
 * {@link Ending}.
 *
 * @param <C> what the delegate's file is written through
 */
final class InFlight<C extends Closeable> extends OpenedWrite implements Ending.Content {
    private final boolean ofShutdownHook;
    final Destination destination;
    private final Path requestedNormal; // as Registry has them
    private final Path destinationNormal;
    private final AtomicLong bytesWritten = new AtomicLong();
    private volatile boolean jumped; // whether anything but writing at the end was done
    private volatile boolean closingKeepsIt;
    private final Membership membership;
    private final Abandonment abandonment = new Abandonment(this);
    private volatile boolean forgotten; // whether it is not in flight any more, though perhaps still open
    private Cleaner.Cleanable unclosed; // what is done when the writer is dropped

    /** The error that a close, or an open, ended with, and that may have left the write open; null if none has. */
    volatile Error cutOff;

    final Staging<C> staging;
    final Ending ending;

    /** The locks of the caller; null as long as there have been none. */
    volatile CallerLocks locks;

    /** Whether a change has begun. */
    volatile boolean changed;

    final Changes changes;

    InFlight(
            Object owner,
            boolean ofShutdownHook,
            Path requested,
            Destination destination,
            OpenRequest request,
            Opener<C> opener,
            Publication.Finish finish) {
        super(owner, requested, request.atomic().traceOpens());
        this.ofShutdownHook = ofShutdownHook;
        this.destination = destination;
        membership = new Membership(requested, destination, Handover.of(owner));
        requestedNormal = Registry.normal(requested);
        destinationNormal = destination.path() == requested ? requestedNormal : Registry.normal(destination.path());
        staging = new Staging<>(requested, destination, request, opener, finish);
        ending = new Ending(requested, request.atomic().commitPolicy(), this);
        changes = new Changes(ending);
    }

    /** Makes it known to others, who can abort it from then on. */
    void register() throws IOException {
        membership.begin();
        Registry.add(this, requestedNormal, destinationNormal);
    }

    /** Opens what is written first. */
    void begin(FileAttribute<?>... attributes) throws IOException {
        if (destination.inPlace()) {
            // to open a named pipe waits for its reader: who aborts the write does not, and has no name to remove
            changes.expect();
            try {
                staging.begin(null, attributes);
            } finally {
                changes.end();
            }
            ending.requireOpen();
            return;
        }
        boolean copies = destination.delegate().rewrites();
        synchronized (ending) { // who aborts the write waits, so as to find all that there is to remove
            ending.requireOpen();
            staging.begin(copies ? () -> !ending.isOpen() : null, attributes);
            if (copies) {
                ending.requireOpen();
            }
        }
    }

    /** Discards the write when its writer, through whom alone it can be closed, becomes unreachable. */
    void watch(Object writer) {
        unclosed = Unclosed.watch(writer, abandonment);
        membership.handedOut();
    }

    /** Whether it is a member of a transaction, and so nothing of it is published alone. */
    boolean isMember() {
        return membership.handover() != null;
    }

    /**
     * Before the caller forces or locks it: publishes what was written, if that is what a plain program expects, and
     * goes on in place. From then on it is no more in flight than a file that a plain path has opened.
     */
    void goOnInPlace(boolean toLock) throws IOException {
        if (!staging.isToGoOnInPlace()) {
            return;
        }
        synchronized (ending) {
            if (status() != Status.OPEN || !ending.isOpen() || !staging.isToGoOnInPlace()) {
                return; // what has failed is not published
            }
            if (toLock && !changed || destination.delegate().mustCloseBeforeRename()) {
                changes.hold(); // what is written through may become another channel
            }
            try {
                staging.goOnInPlace(toLock && !changed);
                forget();
            } finally {
                changes.goOn();
            }
        }
    }

    void wrote(long bytes) {
        bytesWritten.addAndGet(bytes);
    }

    void jumped() {
        jumped = true;
    }

    @Override
    public void keepOpen() {
        closingKeepsIt = true;
    }

    /** Whether closing lets no further change begin, and nothing else. */
    boolean isKeptOpen() {
        return closingKeepsIt;
    }

    @Override
    public boolean markFailed(Throwable cause) {
        return ending.fail(cause, Failure.Kind.ASKED_FOR);
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

    /** Its writer has got an error, and may not know that a second close would still publish. */
    @Override
    public void endIfCutOff() throws IOException {
        Error failed = cutOff;
        if (failed != null && !closingKeepsIt) {
            abort(new IOException(Messages.CUT_OFF, failed));
        }
    }

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
        if (changes.any()) {
            return new IOException(Messages.UNDER_WAY);
        }
        return staging.isClosedUnderneath() ? new ClosedChannelException() : null;
    }

    @Override
    public void publish() throws IOException {
        long size = jumped ? -1 : bytesWritten.get();
        if (isMember()) {
            staging.handOver(membership.handover(), size);
        } else if (changed || !staging.endUnchanged()) {
            staging.publish(size);
        }
    }

    @Override
    public Status published() {
        return isMember() && isStaged() ? Status.PREPARED : Status.COMMITTED;
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
        if (!forgotten) {
            forget();
        }
    }

    private void forget() {
        forgotten = true;
        abandonment.switchOff();
        membership.ended(ending);
        Registry.remove(this, requestedNormal, destinationNormal);
        Shutdown.ended();
        if (unclosed != null) {
            unclosed.clean();
        }
    }

    @Override
    public boolean isLocked() {
        CallerLocks taken = locks;
        return taken != null && taken.any();
    }

    @Override
    public boolean endsWithJvm() {
        return !ofShutdownHook || !thread().isAlive();
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
        return bytesWritten.get();
    }

    @Override
    public String toString() {
        return requested() + ": " + status() + ", " + bytesWritten() + " bytes, " + Messages.openedBy(this);
    }
}
