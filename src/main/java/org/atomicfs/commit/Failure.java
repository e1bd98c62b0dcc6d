package org.atomicfs.commit;

/**
 * Why a write is not to be published.
 *
 * @param cause the first thing that went wrong; may be null when the caller wants it discarded
 * @param kind who knows of it
 */
record Failure(Throwable cause, Kind kind) {
    /** Who knows of a failure. */
    enum Kind {
        /** An operation of the caller failed. */
        FAILED,
        /** The caller wants the write discarded. */
        ASKED_FOR,
        /** The write was aborted by another one than its writer, who has to learn of it. */
        ABORTED
    }

    /** The first cause stays; that it was asked for does too. */
    Failure and(Failure next) {
        return next.kind == Kind.ASKED_FOR ? new Failure(cause, Kind.ASKED_FOR) : this;
    }
}
