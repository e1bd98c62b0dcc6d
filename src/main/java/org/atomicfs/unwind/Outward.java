package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A walk along the stack, from the caller to its callers. */
final class Outward implements Consumer<StackFrame> {
    private final Spliterator<StackFrame> frames;
    private StackFrame frame;

    Outward(Stream<StackFrame> frames) {
        this.frames = frames.spliterator();
    }

    /** Goes on to the next frame; returns false if there is none. */
    boolean advance() {
        return frames.tryAdvance(this);
    }

    /** The frame that was reached. */
    StackFrame frame() {
        return frame;
    }

    @Override
    public void accept(StackFrame next) {
        frame = next;
    }
}
