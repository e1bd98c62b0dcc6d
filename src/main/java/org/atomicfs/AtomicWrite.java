package org.atomicfs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Publishes or discards one write before its stream or channel is closed, and tells how far it has come. Every stream
 * and channel that was opened for writing through an {@code atomic:} path implements it;
 * {@link AtomicFiles#pending(Path)} finds it when the stream is buried in a library.
 *
 * <h2>Limits</h2>
 *
 * <p>What a wrapper such as {@code BufferedWriter} still holds back has not been written: flush it before
 * {@link #commit()}.
 *
 * <h2>Threads</h2>
 *
 * <p>All methods may be called by any thread. {@link #commit()}, {@link #abort()} and {@code close()} exclude each
 * other: the first one decides, and does not wait for a write under way. A write that is still under way in another
 * thread, or an asynchronous one that has not completed, when the commit begins makes it fail: what is published is
 * what the writer knew to be written.
 */
public interface AtomicWrite {
    /** How far a write has come. */
    enum Status {
        /** Being written; will be published. */
        OPEN,
        /** Failed, or marked failed; will be discarded. */
        FAILED,
        /** Complete, and published when the {@link FileTransaction} commits that it is a member of. */
        PREPARED,
        /** Published. */
        COMMITTED,
        /** Not published; the destination is as it was. */
        DISCARDED
    }

    /**
     * The file this write is for, as it was named when it was opened.
     *
     * @return an {@code atomic:} path
     */
    Path destination();

    /**
     * The file the content is in until it is published.
     *
     * @return an {@code atomic:} path, or for an object store a plain path of a file of this machine; empty when there
     *     is none: before the first change of a file that was opened without truncation, for a destination that is
     *     written straight through (a device, a named pipe, a file opened with {@code DELETE_ON_CLOSE}), and once the
     *     write ended
     */
    Optional<Path> temporary();

    /**
     * How far this write has come.
     *
     * @return the status at this moment
     */
    Status status();

    /**
     * How much was written through this handle. Bytes written again count again; bytes copied from the old content do
     * not count.
     *
     * @return the number of bytes
     */
    long bytesWritten();

    /**
     * How long ago this write was opened, also after it ended.
     *
     * @return a duration of nanosecond precision, which changes of the clock do not affect
     */
    Duration age();

    /**
     * Makes {@code close()} discard what was written, silently, since it was asked for. The stream stays open, and what
     * is written to it from now on is discarded as well. Does nothing once the write ended.
     *
     * @param cause why, for {@link #commit()} to report; may be null
     */
    void markFailed(Throwable cause);

    /**
     * Discards what was written and closes the stream or channel, now. The destination stays as it was; the temporary
     * is removed. Does nothing once the write ended.
     *
     * @throws IOException if the temporary could not be removed; the message names it
     */
    void abort() throws IOException;

    /**
     * Publishes what was written and closes the stream or channel, now, under every {@link CommitPolicy}. Does nothing
     * if it is committed already.
     *
     * @throws AtomicCommitException if the write failed before, was discarded, or cannot be published;
     *     {@link AtomicCommitException#outcome()} says what is at the destination
     * @throws IOException if closing a destination that is written straight through fails
     */
    void commit() throws IOException;
}
