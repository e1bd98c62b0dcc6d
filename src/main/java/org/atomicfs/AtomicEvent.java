package org.atomicfs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a write has come to, or that something was recovered which a killed writer has left: what {@link AtomicListener}
 * is told. Immutable, and so safe for any thread.
 */
public final class AtomicEvent {
    /** How a write has ended. */
    public enum Outcome {
        /** The destination has the new content. */
        PUBLISHED,
        /** What was written is discarded. */
        DISCARDED,
        /**
         * A writer was killed, and what it left was removed, or its committed transaction was completed: by the next
         * writer of the file, or by {@link AtomicFiles#recover}.
         */
        RECOVERED
    }

    private final Outcome outcome;
    private final Path destination;
    private final long bytes;
    private final Duration writing;
    private final Duration forcing;
    private final Duration publishing;
    private final Throwable reason;

    /**
     * Makes an event; for tests of listeners, too.
     *
     * @param outcome how the write has ended
     * @param destination what it was about
     * @param bytes how many bytes were written
     * @param writing see {@link #writing()}
     * @param forcing see {@link #forcing()}
     * @param publishing see {@link #publishing()}
     * @param reason what went wrong; may be null
     */
    public AtomicEvent(
            Outcome outcome,
            Path destination,
            long bytes,
            Duration writing,
            Duration forcing,
            Duration publishing,
            Throwable reason) {
        this.outcome = Objects.requireNonNull(outcome);
        this.destination = Objects.requireNonNull(destination);
        this.bytes = bytes;
        this.writing = Objects.requireNonNull(writing);
        this.forcing = Objects.requireNonNull(forcing);
        this.publishing = Objects.requireNonNull(publishing);
        this.reason = reason;
    }

    /**
     * How it has ended.
     *
     * @return never null
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * The file that was to be written, links followed. Of what was {@link Outcome#RECOVERED} it is the file that a
     * killed writer had left: what {@link AtomicFiles#recover} returns.
     *
     * @return an absolute path of the wrapped file system, not an {@code atomic:} one
     */
    public Path destination() {
        return destination;
    }

    /**
     * How many bytes the program has written or copied. Those that were kept of the old content do not count.
     *
     * @return 0 for {@link Outcome#RECOVERED}
     */
    public long bytes() {
        return bytes;
    }

    /**
     * How long the file was open: from the open until the commit or the discarding began.
     *
     * @return zero for {@link Outcome#RECOVERED}
     */
    public Duration writing() {
        return writing;
    }

    /**
     * How long it took to force the content and, with {@link Durability#FULL}, the directory. The directories of a
     * {@link FileTransaction} are not any one member's, and do not count.
     *
     * @return zero if nothing was forced
     */
    public Duration forcing() {
        return forcing;
    }

    /**
     * How long the rest of the commit took: attributes, checks, the rename; for an object store the upload. For a
     * member of a {@link FileTransaction} it ends with the transaction.
     *
     * @return zero if no commit began
     */
    public Duration publishing() {
        return publishing;
    }

    /**
     * What went wrong. For a write that was discarded it is the {@link AtomicCommitException} that its writer got, or
     * would have got; or the cause that was given to {@link AtomicWrite#markFailed}. A write that was published has one
     * if something failed after that.
     *
     * @return empty if nothing did, also where the program had a write discarded without giving a cause
     */
    public Optional<Throwable> reason() {
        return Optional.ofNullable(reason);
    }

    /** For logs: all of it in one line. */
    @Override
    public String toString() {
        String text = outcome + " " + destination;
        if (outcome != Outcome.RECOVERED) {
            text += ", " + bytes + " bytes, writing " + writing + ", forcing " + forcing + ", publishing " + publishing;
        }
        String all = reason == null ? text : text + ", " + reason;
        return all.replace('\r', ' ').replace('\n', ' '); // of a file's name, or of a message
    }
}
