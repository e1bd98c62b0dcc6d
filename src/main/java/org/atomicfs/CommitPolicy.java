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
     * <p>It is <em>not</em> known in the following cases, and the file is published, as by any other program.
     * {@link #EXPLICIT}, {@link AtomicFiles#write} and {@link AtomicWrite#markFailed} are sure.
     *
     * <ul>
     *   <li>{@code close()} is called by reflection, by a proxy, by dynamic Groovy, by Scala's {@code Using.Manager},
     *       in a callback (as reactive libraries do), or by a method whose name says something else than close
     *       ({@code stop()}).
     *   <li>The exception was kept in a variable, or is rethrown under a condition.
     *   <li>A {@code catch} block swallows the exception before the stream is closed, or wrote to the file on purpose.
     *   <li>The exception is one that is used as a jump: a caller catches, or tests for, {@link java.io.EOFException},
     *       {@link java.util.NoSuchElementException}, an index out of bounds or another one that says that the input
     *       has ended; Kotlin's and Scala's own.
     *   <li>An agent may have rewritten the classes (coverage), or the program is a native image.
     * </ul>
     */
    ON_SUCCESS,

    /** {@code close()} publishes, unless the write failed or was marked failed, whatever exception is propagating. */
    ON_CLOSE,

    /** Only {@link AtomicWrite#commit()} publishes; {@code close()} without it discards, silently. */
    EXPLICIT
}
