package org.atomicfs.commit;

/** The failures of one write so far, of which the first counts. Safe for use by several threads. */
final class Failures {
    /** Takes the place of a failure when it is decided to publish: from then on none can prevent that. */
    private static final Failure TOO_LATE = new Failure(null, Failure.Kind.FAILED);

    /** Made once, so that a write can be aborted while there is no memory. */
    private static final Failure ASKED_FOR = new Failure(null, Failure.Kind.ASKED_FOR);

    private volatile Failure failure; // written under the monitor; an AtomicReference would cost 15 ms the first time

    /** The first one; null if there is none. */
    Failure first() {
        Failure found = failure;
        return found == TOO_LATE ? null : found;
    }

    /** The cause of the first one; null if there is none. */
    Throwable cause() {
        Failure found = first();
        return found == null ? null : found.cause();
    }

    /** Adds one; the first cause stays. Returns false if it is too late, since the write is being published. */
    synchronized boolean add(Throwable cause, Failure.Kind kind) {
        Failure first = failure;
        if (first == TOO_LATE) {
            return false;
        }
        boolean plain = cause == null && kind == Failure.Kind.ASKED_FOR;
        Failure added = plain ? ASKED_FOR : new Failure(cause, kind);
        failure = first == null ? added : first.and(added);
        return true;
    }

    /** Decides that the write is published; returns false if a failure speaks against it. */
    synchronized boolean decideToPublish() {
        if (failure != null) {
            return false;
        }
        failure = TOO_LATE;
        return true;
    }

    /** Notes why a write that was to be published was not. */
    synchronized void publicationFailed(Throwable cause) {
        failure = new Failure(cause, Failure.Kind.FAILED);
    }
}
