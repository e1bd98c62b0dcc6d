package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.atomicfs.AtomicWrite.Status;

/** One write that has not ended, as others than its writer see it. Safe for use by several threads. */
public interface PendingWrite {
    /** Whose write this is: the object that was given when it was opened. */
    Object owner();

    /** The thread that opened it. */
    Thread thread();

    /** The stack of {@link #thread()} when it was opened; null unless that is wanted. */
    Throwable trace();

    /** Whether its caller has locked the file that it may change. */
    boolean isLocked();

    /**
     * Whether the shutdown of the JVM is to abort it now: not the write of a shutdown hook, which the JVM waits for.
     */
    boolean endsWithJvm();

    /** The path as the caller opened it. */
    Path requested();

    /** The file that is replaced or created: {@link #requested()}, links followed. */
    Path destination();

    /** Where the content is until it is published; empty when it is nowhere else. */
    Optional<Path> temporary();

    /** How far the write has come. */
    Status status();

    /** How many bytes were written. */
    long bytesWritten();

    /** How long ago it was opened. */
    Duration age();

    /**
     * Makes this a failed write, as the caller wants: closing it discards, silently.
     *
     * @return false if it is too late: the write has ended, or is being published
     */
    boolean markFailed(Throwable cause);

    /** Makes closing let no further change begin, and nothing else: the write is to be ended by another call. */
    void keepOpen();

    /** Ends the write by publishing it. */
    void commit() throws IOException;

    /** Ends the write by discarding it, as the caller wants. */
    void abort() throws IOException;

    /** Ends the write by discarding it, for a reason that its writer learns when it goes on writing, or closes. */
    void abort(IOException reason) throws IOException;

    /** Discards the write if its open or its close was cut off by an error of the JVM. */
    default void endIfCutOff() throws IOException {}
}
