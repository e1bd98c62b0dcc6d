package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.atomicfs.AtomicEvent;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.events.Observation;

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

    final Observation observation; // null unless somebody is to be told how it ends
    private volatile boolean unchanged; // whether a copy of the old content was discarded, since nothing was written
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
        observation = destination.inPlace() ? null : Observation.begin(request.atomic());
        staging.observation = observation;
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

    /** Tells how it has ended, if it has. To be called without a lock. */
    void tell() {
        if (observation != null && ending.hasEnded() && isStaged() && !unchanged) {
            tell(status());
        }
    }

    /** Tells that it was published although it goes on. */
    void tellEarly() {
        tell(Status.COMMITTED);
    }

    private void tell(Status how) {
        if (observation != null && how != Status.PREPARED) {
            AtomicEvent.Outcome outcome =
                    how == Status.COMMITTED ? AtomicEvent.Outcome.PUBLISHED : AtomicEvent.Outcome.DISCARDED;
            observation.tell(outcome, destination(), bytesWritten(), ending.reason());
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
        try {
            ending.commit();
        } finally {
            tell();
        }
    }

    @Override
    public void abort() throws IOException {
        abort(null, Failure.Kind.ASKED_FOR);
    }

    @Override
    public void abort(IOException reason) throws IOException {
        abort(reason, Failure.Kind.ABORTED);
    }

    private void abort(IOException reason, Failure.Kind kind) throws IOException {
        StackReserve.check();
        try {
            ending.abort(reason, kind);
        } finally {
            tell();
        }
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
        if (observation != null) {
            observation.ending(destination(), bytesWritten());
        }
        if (isMember()) {
            staging.handOver(membership.handover(), size);
        } else {
            unchanged = !changed && staging.endUnchanged();
            if (!unchanged) {
                staging.publish(size);
            }
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

    /** Says that it is not in flight any more. */
    void forget() {
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
        return Messages.oneLine(
                requested() + ": " + status() + ", " + bytesWritten() + " bytes, " + Messages.openedBy(this));
    }
}
