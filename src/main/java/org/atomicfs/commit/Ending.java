package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.CommitPolicy;
import org.atomicfs.unwind.Unwinding;

/**
 * How one write ends: once, by publishing or discarding, for the first one who asks. Knows the failures so far.
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

        void publish() throws IOException;

        /** What the write is once {@link #publish} has done its work. */
        default Status published() {
            return Status.COMMITTED;
        }

        /** Whether the destination has the new content, after {@link #publish} threw. */
        boolean isPublished();

        void discard() throws IOException;

        /** Called once, when the write has ended in whatever way. */
        void ended();
    }

    private final Path requested;
    private final CommitPolicy policy;
    private final Content content;
    private final Failures failures = new Failures();
    private final Report report = new Report();
    private volatile boolean stopped; // no change can begin any more
    private volatile Status end; // DISCARDED or as the content says; null until it is decided, under the monitor
    private volatile boolean unreported; // ended in a way that the writer does not know of yet

    Ending(Path requested, CommitPolicy policy, Content content) {
        this.requested = requested;
        this.policy = policy;
        this.content = content;
    }

    boolean isOpen() {
        return !stopped;
    }

    boolean hasEnded() {
        return end != null;
    }

    boolean isSettled() { // nothing to do for close any more, and nothing to report
        return hasEnded() && !unreported;
    }

    Throwable cause() {
        return failures.cause();
    }

    /** What its writer got, or would have got; else what went wrong; null if nothing did. */
    Throwable reason() {
        return report.last() == null ? failures.cause() : report.last();
    }

    /** How far the write has come, as its handle tells it. */
    Status status() {
        Status now = end;
        if (now != null) {
            return now;
        }
        return failures.first() == null ? Status.OPEN : Status.FAILED;
    }

    /** Throws if no change can begin any more. */
    void requireOpen() throws IOException {
        if (!isOpen()) {
            throw explained(new ClosedChannelException());
        }
    }

    /** What the writer gets when it finds the channel closed: who aborted the write has given a reason. */
    IOException explained(ClosedChannelException closed) {
        AtomicCommitException aborted = aborted();
        return aborted != null ? aborted : closed;
    }

    /** The reason why another one than the writer has aborted the write; null if none has. */
    AtomicCommitException aborted() {
        Failure found = failures.first();
        return found != null && found.kind() == Failure.Kind.ABORTED
                ? Messages.notCommitted(requested, found.cause())
                : null;
    }

    /** Adds a failure; the first one stays. Returns false if the write has ended, or is being published. */
    boolean fail(Throwable cause, Failure.Kind kind) {
        return !hasEnded() && failures.add(cause, kind);
    }

    /** Lets no further change begin, and ends a copy under way. Not synchronized: who copies has the monitor. */
    void stop() {
        stopped = true;
    }

    /** Ends the write as its policy and what happened say, because it is closed. */
    void close(Unwinding unwinding) throws IOException {
        stop();
        synchronized (this) {
            if (hasEnded()) {
                if (unreported) {
                    AtomicCommitException explained = Messages.notCommitted(requested, failures.cause());
                    unreported = false;
                    report.give(explained, unwinding);
                }
                return;
            }
            try {
                Decision decision = decide(findFailure(), unwinding);
                if (decision == Decision.PUBLISH) {
                    publish();
                } else if (decision == Decision.DISCARD) {
                    discard();
                } else {
                    throw discardFor(decision);
                }
            } catch (AtomicCommitException e) {
                report.give(e, unwinding);
            } catch (Error e) {
                endAfter(e);
                throw e;
            }
        }
    }

    /** Ends the write although the JVM itself failed: nothing stays open, and the next call of the writer learns it. */
    private void endAfter(Error e) {
        if (!hasEnded()) {
            unreported = true;
            discardAfter(e);
        }
    }

    private Decision decide(Failure found, Unwinding unwinding) {
        Decision.Failed failed = Decision.Failed.NO;
        if (found != null) {
            boolean isKnown = found.kind() == Failure.Kind.ASKED_FOR || content.isInPlace();
            failed = isKnown ? Decision.Failed.ASKED_FOR : Decision.Failed.YES;
        }
        boolean loses = content.isStaged() || failed == Decision.Failed.YES;
        return Decision.of(failed, loses ? unwinding : Unwinding.NO, policy);
    }

    /** Ends the write by publishing it. */
    void commit() throws IOException {
        stop();
        synchronized (this) {
            if (hasEnded() && end != Status.DISCARDED) {
                return;
            }
            if (hasEnded()) {
                AtomicCommitException explained = Messages.notCommitted(requested, failures.cause());
                unreported = false;
                report.give(explained, Unwinding.NO);
            }
            try {
                if (findFailure() != null) {
                    throw discardFor(Decision.DISCARD_FOR_FAILURE);
                }
                publish();
            } catch (AtomicCommitException e) {
                Failure found = failures.first();
                if (found != null && found.kind() == Failure.Kind.ASKED_FOR) {
                    throw e; // as the caller wished
                }
                report.give(e, Unwinding.NO);
            } catch (Error e) {
                endAfter(e);
                throw e;
            }
        }
    }

    /** Ends the write by discarding it; does nothing if it has ended. */
    void abort(Throwable reason, Failure.Kind kind) throws IOException {
        fail(reason, kind); // before the writer notices that it was stopped
        stop();
        synchronized (this) {
            if (!hasEnded()) {
                boolean lost = content.isStaged();
                try {
                    unreported = findFailure().kind() != Failure.Kind.ASKED_FOR;
                } finally {
                    discard();
                }
                if (lost && kind == Failure.Kind.ABORTED) { // its writer may never ask what became of it
                    report.log(Messages.notCommitted(requested, reason));
                }
            }
        }
    }

    /** Ends the write by discarding it, because it could not be opened. */
    synchronized void undo(Throwable cause) {
        stop();
        discardAfter(cause);
    }

    /** Whether anything speaks against publishing, now that no further change can begin. */
    private Failure findFailure() {
        IOException found = content.failure();
        if (found != null) {
            fail(found, Failure.Kind.FAILED);
        }
        return failures.first();
    }

    /** The one place that decides what a commit has become, whatever was thrown on the way. */
    private void publish() throws IOException {
        if (!failures.decideToPublish()) {
            throw discardFor(Decision.DISCARD_FOR_FAILURE);
        }
        boolean published = false;
        try {
            content.publish();
            published = true;
        } catch (Throwable e) {
            published = content.isPublished();
            if (!published) {
                discardAfter(e); // as a rule nothing is left
                boolean wrapped = e instanceof AtomicCommitException;
                failures.publicationFailed(wrapped ? e.getCause() : e);
                unreported = e instanceof Error;
            }
            throw e;
        } finally {
            ended(published ? content.published() : Status.DISCARDED);
        }
    }

    private void discardAfter(Throwable failure) {
        try {
            discard();
        } catch (Throwable cleanup) {
            Messages.suppress(failure, cleanup);
        }
    }

    private void discard() throws IOException {
        try {
            content.discard();
        } finally {
            ended(Status.DISCARDED);
        }
    }

    private void ended(Status how) {
        if (!hasEnded()) {
            end = how;
            content.ended();
        }
    }

    /** Discards before the exception is made that reports it, for which there may be no memory; returns what fails. */
    private Exception discardUnreported() {
        unreported = true;
        try {
            discard();
            return null;
        } catch (IOException | RuntimeException cleanup) {
            return cleanup;
        }
    }

    private AtomicCommitException discardFor(Decision why) {
        Exception cleanup = discardUnreported();
        AtomicCommitException thrown = why == Decision.DISCARD_FOR_UNWINDING
                ? Messages.unwound(requested, failures.cause())
                : Messages.notCommitted(requested, failures.cause());
        unreported = false;
        if (cleanup != null) {
            Messages.suppress(thrown, cleanup);
        }
        return thrown;
    }
}
