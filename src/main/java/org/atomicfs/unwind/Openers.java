package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;

/** The nearest frames of the stack at the time when a stream was opened, and the thread. Immutable. */
final class Openers {
    private final long thread = Thread.currentThread().getId();

    /** The library's own method that was called, and then its callers, outward. */
    private final StackFrame[] frames;

    /** @param frames not to be changed any more */
    Openers(StackFrame... frames) {
        this.frames = frames;
    }

    boolean isCurrentThread() {
        return thread == Thread.currentThread().getId();
    }

    /** The number of the outermost opener that is the method of a frame; 0 when none is. */
    int lastIn(StackFrame frame) {
        int last = 0;
        for (int i = 1; isCurrentThread() && i < frames.length; i++) {
            if (Frames.isSameMethod(frames[i], frame)) {
                last = i;
            }
        }
        return last;
    }

    StackFrame get(int number) {
        return frames[number];
    }

    /** The indexes at which a frame's method was when the stream was opened; null when one of them is not reliable. */
    List<Integer> indexesIn(StackFrame frame, KnownClasses classes, ClassFiles files) {
        List<Integer> indexes = null;
        for (int i = 1; isCurrentThread() && i < frames.length; i++) {
            if (Frames.isSameMethod(frames[i], frame)) {
                if (!isAtCall(i, classes, files)) {
                    return null;
                }
                indexes = indexes == null ? new ArrayList<>(1) : indexes;
                indexes.add(frames[i].getByteCodeIndex());
            }
        }
        return indexes == null ? List.of() : indexes;
    }

    /** Whether an opener is really, by the class file, at the call that leads to the next frame inward. */
    private boolean isAtCall(int number, KnownClasses classes, ClassFiles files) {
        StackFrame frame = frames[number];
        StackFrame callee = frames[number - 1];
        if (Frames.isStaticInitializer(callee)) {
            return true; // which any kind of instruction may call
        }
        CallSite site = classes.of(frame.getDeclaringClass()).site(frame, files);
        return site != null
                && (site.calls(callee) || site.isCall() && Frames.isLambda(callee))
                && site.isOnLineOf(frame);
    }
}
