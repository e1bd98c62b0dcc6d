package org.atomicfs.unwind;

/** Whether an exception is propagating, and what becomes of another one that {@code close()} throws meanwhile. */
public enum Unwinding {
    /** No exception is propagating, or it is not known that one is. */
    NO,

    /** It is attached to the propagating one, as suppressed: {@code close()} can say what it did. */
    ATTACHES,

    /**
     * As {@link #ATTACHES}, but the propagating one is swallowed before it reaches the method that opened the stream,
     * as {@link java.io.PrintWriter} does.
     */
    ATTACHES_UNHEARD,

    /** It gets lost, or takes the place of the propagating one. */
    HIDES,

    /**
     * As {@link #HIDES}, and no exception is propagating: a method closes that is called because something failed, and
     * with that failure.
     */
    FOLLOWS_FAILURE;

    /** Whether an exception of {@code close()} is not to be thrown. */
    public boolean hides() {
        return this == HIDES || this == FOLLOWS_FAILURE;
    }
}
