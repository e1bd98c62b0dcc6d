package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.CommitPolicy;
import org.atomicfs.unwind.Unwinding;

/**
 * How one write ends: once, by publishing or discarding, whoever ends it first. Knows the failures so far.
 *
 * <p>What ends the write, and what makes its temporary, exclude each other by the monitor of this object. A monitor,
 * and not a lock object: the JVM releases it whatever is thrown, at the end of the stack too.
 */
final class Ending {
    /** What is ended. */
    interface Content {
        /** Whether there is something that discarding would lose, because it is in a temporary. */
        boolean isStaged();

        /** Whether the destination is written in place: what fails there fails before the caller's eyes. */
        boolean isInPlace();

        /** What speaks against publishing now that no further change can begin; null if nothing does. */
        IOException failure();

        /** Publishes. */
        void publish() throws IOException;

        /** Whether the destination has the new content, after {@link #publish} threw. */
        boolean isPublished();

        /** Discards. */
        void discard() throws IOException;

        /** Called once, when the write has ended in whatever way. */
        void ended();
    }

    /** How far the write has come. */
    private enum Phase {
        OPEN,
        /** No change can begin any more; it is not decided yet what becomes of what was written. */
        STOPPED,
        COMMITTED,
        DISCARDED
    }

    /** Takes the place of a failure when it is decided to publish: from then on none can prevent that. */
    private static final Failure TOO_LATE = new Failure(null, Failure.Kind.FAILED);

    private final Path requested;
    private final CommitPolicy policy;
    private final Content content;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OPEN);
    private final AtomicReference<Failure> failure = new AtomicReference<>();
    private volatile boolean untold; // ended in a way that the writer does not know of yet

    Ending(Path requested, CommitPolicy policy, Content content) {
        this.requested = requested;
        this.policy = policy;
        this.content = content;
    }

    boolean isOpen() {
        return phase.get() == Phase.OPEN;
    }

    boolean hasEnded() {
        Phase now = phase.get();
        return now == Phase.COMMITTED || now == Phase.DISCARDED;
    }

    /** Whether nothing is left to be done or told by {@link #close}. */
    boolean isSettled() {
        return hasEnded() && !untold;
    }

    /** How far the write has come, as its handle tells it. */
    Status status() {
        return switch (phase.get()) {
            case OPEN, STOPPED -> failure() == null ? Status.OPEN : Status.FAILED;
            case COMMITTED -> Status.COMMITTED;
            case DISCARDED -> Status.DISCARDED;
        };
    }

    /** Throws if no change can begin any more. */
    void requireOpen() throws IOException {
        if (!isOpen()) {
            throw explained(new ClosedChannelException());
        }
    }

    /** What the writer is told when it finds the channel closed: who aborted the write has given a reason. */
    IOException explained(ClosedChannelException closed) {
        AtomicCommitException aborted = aborted();
        return aborted != null ? aborted : closed;
    }

    /** The reason why another one than the writer has aborted the write; null if none has. */
    AtomicCommitException aborted() {
        Failure found = failure();
        return found != null && found.kind() == Failure.Kind.ABORTED
                ? Messages.notCommitted(requested, found.cause())
                : null;
    }

    private Failure failure() {
        Failure found = failure.get();
        return found == TOO_LATE ? null : found;
    }

    /** Adds a failure; the first one stays. Returns false if the write has ended, or is being published. */
    boolean fail(Throwable cause, Failure.Kind kind) {
        if (hasEnded()) {
            return false;
        }
        Failure added = new Failure(cause, kind);
        while (true) {
            Failure first = failure.get();
            if (first == TOO_LATE) {
                return false;
            }
            if (failure.compareAndSet(first, first == null ? added : first.and(added))) {
                return true;
            }
        }
    }

    /** Lets no further change begin, and ends a copy under way. Not synchronized: who copies has the monitor. */
    void stop() {
        phase.compareAndSet(Phase.OPEN, Phase.STOPPED);
    }

    /** Ends the write as its policy and what happened say, because it is closed. */
    void close(Unwinding unwinding) throws IOException {
        stop();
        synchronized (this) {
            if (hasEnded()) {
                if (untold) {
                    untold = false;
                    tell(Messages.notCommitted(requested, failure().cause()), unwinding);
                }
                return;
            }
            Failure found = findFailure();
            switch (decide(found, unwinding)) {
                case PUBLISH -> publish();
                case DISCARD -> discard();
                case DISCARD_FOR_FAILURE -> throw discardFor(Messages.notCommitted(requested, found.cause()));
                case DISCARD_FOR_UNWINDING ->
                    tell(discardFor(Messages.unwound(requested, found == null ? null : found.cause())), unwinding);
            }
        }
    }

    private Decision decide(Failure found, Unwinding unwinding) {
        Decision.Failed failed;
        if (found == null) {
            failed = Decision.Failed.NO;
        } else {
            boolean known = found.kind() == Failure.Kind.ASKED_FOR || content.isInPlace();
            failed = known ? Decision.Failed.ASKED_FOR : Decision.Failed.YES;
        }
        boolean loses = content.isStaged() || failed == Decision.Failed.YES;
        return Decision.of(failed, loses ? unwinding : Unwinding.NO, policy);
    }

    /** Ends the write by publishing it. */
    void commit() throws IOException {
        stop();
        synchronized (this) {
            if (phase.get() == Phase.COMMITTED) {
                return;
            }
            Failure found = hasEnded() ? failure() : findFailure();
            Throwable cause = found == null ? null : found.cause();
            if (phase.get() == Phase.DISCARDED) {
                untold = false;
                throw Messages.notCommitted(requested, cause);
            }
            if (found != null) {
                throw discardFor(Messages.notCommitted(requested, cause));
            }
            publish();
        }
    }

    /** Ends the write by discarding it; does nothing if it has ended. */
    void abort(Throwable reason, Failure.Kind kind) throws IOException {
        fail(reason, kind); // before the writer notices that it was stopped
        stop();
        synchronized (this) {
            if (!hasEnded()) {
                untold = findFailure().kind() != Failure.Kind.ASKED_FOR;
                discard();
            }
        }
    }

    /** Ends the write by discarding it, because it could not be opened. */
    synchronized void undo(Throwable cause) {
        stop();
        try {
            discard();
        } catch (Throwable cleanup) {
            Messages.suppress(cause, cleanup);
        }
    }

    /** Whether anything speaks against publishing, now that no further change can begin. */
    private Failure findFailure() {
        IOException found = content.failure();
        if (found != null) {
            fail(found, Failure.Kind.FAILED);
        }
        return failure();
    }

    /** Throws an exception, unless it would hide the one that is propagating: then it is logged. */
    private static void tell(AtomicCommitException said, Unwinding unwinding) throws AtomicCommitException {
        if (unwinding != Unwinding.HIDES) {
            throw said;
        }
        Registry.logger().log(Level.WARNING, said.getMessage(), said);
    }

    /** The one place that decides what a commit has become, whatever was thrown on the way. */
    private void publish() throws IOException {
        if (!failure.compareAndSet(null, TOO_LATE)) {
            throw discardFor(Messages.notCommitted(requested, failure().cause()));
        }
        boolean published = false;
        try {
            content.publish();
            published = true;
        } catch (Throwable e) {
            published = content.isPublished();
            if (!published) {
                boolean explained = e instanceof AtomicCommitException;
                failure.set(new Failure(explained ? e.getCause() : e, Failure.Kind.FAILED));
                untold = e instanceof Error;
            }
            throw e;
        } finally {
            ended(published ? Phase.COMMITTED : Phase.DISCARDED);
        }
    }

    private void discard() throws IOException {
        try {
            content.discard();
        } finally {
            ended(Phase.DISCARDED);
        }
    }

    private void ended(Phase end) {
        if (!hasEnded()) {
            phase.set(end);
            content.ended();
        }
    }

    private AtomicCommitException discardFor(AtomicCommitException thrown) {
        try {
            discard();
        } catch (IOException cleanup) {
            Messages.suppress(thrown, cleanup);
        }
        return thrown;
    }
}
