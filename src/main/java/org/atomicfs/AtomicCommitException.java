package org.atomicfs;

import java.nio.file.FileSystemException;
import java.util.Objects;

/**
 * Thrown by {@code close()} and {@link AtomicWrite#commit()} when a write could not be completed. {@link #outcome()}
 * says what is at the destination now; the cause is the first thing that went wrong, and failures of cleaning up are
 * suppressed into it. {@link #getFile()} is the path that the caller opened.
 */
public final class AtomicCommitException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    /** What is at the destination after a commit that could not be completed. */
    public enum Outcome {
        /** The destination is as it was before; what was written is discarded. */
        NOT_COMMITTED,

        /**
         * The destination has the new content, as durable as was asked for; only something that had to be done after
         * that failed.
         */
        COMMITTED,

        /**
         * The destination has the new content for every reader, but the directory could not be forced: a power cut may
         * bring the old content back.
         */
        VISIBLE_NOT_DURABLE,

        /**
         * Of one file: neither the old nor the new content is at the destination; a file system that deletes before it
         * renames has failed in between. The new content is complete, and the message tells where. Of a
         * {@link FileTransaction}: it is committed, or perhaps committed, and not all its members are published yet;
         * {@link AtomicFiles#recover} of the directory that the message names completes it.
         */
        INCOMPLETE,

        /**
         * The destination has the old content or the new one, and it could not be seen which: the connection to a
         * server was lost in the very rename, or an upload to an object store failed and the store could not be asked
         * after that. The message says where to look.
         */
        UNKNOWN
    }

    /** What is at the destination. */
    private final Outcome outcome;

    /**
     * Makes an exception about one write.
     *
     * @param file the destination as the caller named it
     * @param reason what went wrong and what that means for the destination
     * @param cause the first failure
     * @param outcome what is at the destination
     */
    public AtomicCommitException(String file, String reason, Throwable cause, Outcome outcome) {
        super(file, null, reason);
        this.outcome = Objects.requireNonNull(outcome);
        initCause(cause);
    }

    /**
     * What is at the destination now.
     *
     * @return the outcome, never null
     */
    public Outcome outcome() {
        return outcome;
    }
}
