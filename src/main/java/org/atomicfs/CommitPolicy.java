package org.atomicfs;

import java.nio.file.OpenOption;

/**
 * When closing a stream or channel publishes what was written. Given as an open option it overrides, for that one open,
 * what the file system was made with. {@link AtomicWrite#commit()} publishes under every policy; a write that failed is
 * published under none.
 */
public enum CommitPolicy implements OpenOption {
    /**
     * {@code close()} publishes, unless the write failed, was marked failed, or is closed because an exception is
     * propagating. The default.
     *
     * <p><b>In this version</b> a propagating exception is not noticed yet: a write all of whose own calls succeeded is
     * published by {@code close()}, exactly as under {@link #ON_CLOSE}. Where that matters use {@link #EXPLICIT} or
     * {@link AtomicWrite#markFailed(Throwable)}.
     */
    ON_SUCCESS,

    /** {@code close()} publishes, unless the write failed or was marked failed. */
    ON_CLOSE,

    /** Only {@link AtomicWrite#commit()} publishes; {@code close()} without it discards, silently. */
    EXPLICIT
}
