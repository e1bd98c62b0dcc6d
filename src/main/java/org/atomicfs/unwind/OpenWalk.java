package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The walk along the stack at an open, that keeps its nearest frames. */
final class OpenWalk implements Function<Stream<StackFrame>, Openers> {
    private static final int KEPT = 8; // frames, besides that of the library

    private final Predicate<Class<?>> library;

    OpenWalk(Predicate<Class<?>> library) {
        this.library = library;
    }

    @Override
    public Openers apply(Stream<StackFrame> frames) {
        Iterator<StackFrame> outward = frames.iterator();
        StackFrame[] kept = new StackFrame[KEPT + 1];
        int count = 0;
        while (count < kept.length && outward.hasNext()) {
            StackFrame frame = outward.next();
            if (count <= 1 && library.test(frame.getDeclaringClass())) {
                kept[0] = frame;
                count = 1;
            } else {
                kept[count++] = frame;
            }
        }
        return new Openers(Arrays.copyOf(kept, count));
    }
}
