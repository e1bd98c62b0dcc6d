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
     * <p>Java does not tell {@code close()} of an exception. It is known from the code that called it: when that is
     * reached only through an exception handler, and inevitably throws afterwards, what was written is discarded. So it
     * is for try-with-resources, {@code finally} and {@code catch} blocks that rethrow, in Java, Kotlin, Scala and
     * other languages, and in libraries. {@code close()} then throws where its exception is only attached to the
     * propagating one ({@link Throwable#addSuppressed}), and logs to the {@link System.Logger} {@code org.atomicfs}
     * elsewhere. (An {@link OutOfMemoryError} or {@link StackOverflowError} that the JVM itself makes keeps nothing
     * that is attached to it, and {@code close()} cannot know that: then the log tells it at level {@code DEBUG} only.)
     *
     * <p>What is <em>not</em> known, and published: a {@code close()} called by reflection, by a proxy, in a callback,
     * by a method whose name says something else than close, after an exception was stored in a variable, in a
     * {@code catch} block that swallows the exception or that wrote to the file on purpose, while an exception is
     * propagating that is used as a jump (a caller catches, or tests for, {@link java.io.EOFException},
     * {@link java.util.NoSuchElementException} or another that says that the input has ended), in classes that an agent
     * has rewritten, and in a native image. {@link #EXPLICIT}, {@link AtomicFiles#write} and
     * {@link AtomicWrite#markFailed} are sure.
     */
    ON_SUCCESS,

    /** {@code close()} publishes, unless the write failed or was marked failed, whatever exception is propagating. */
    ON_CLOSE,

    /** Only {@link AtomicWrite#commit()} publishes; {@code close()} without it discards, silently. */
    EXPLICIT
}
