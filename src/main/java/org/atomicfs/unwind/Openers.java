package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;

/** The nearest frames of the stack at the time when a stream was opened, and the thread. Immutable. */
final class Openers {
    /** No frame. */
    static final int NONE = 0;

    private final long thread = Thread.currentThread().getId();

    /** The library's own method that was called, at 0, and then its callers, outward. */
    private final StackFrame[] frames;

    /** @param frames not to be changed any more */
    Openers(StackFrame... frames) {
        this.frames = frames;
    }

    boolean isCurrentThread() {
        return thread == Thread.currentThread().getId();
    }

    /** How many callers are known. */
    int size() {
        return Math.max(0, frames.length - 1);
    }

    StackFrame get(int number) {
        return frames[number];
    }

    /** The number of the outermost caller that is the method of a frame; {@link #NONE} when none is. */
    int lastIn(StackFrame frame) {
        if (isCurrentThread()) {
            for (int i = frames.length - 1; i > NONE; i--) {
                if (Frames.isSameMethod(frames[i], frame)) {
                    return i;
                }
            }
        }
        return NONE;
    }

    /** Whether a caller is the method of a frame. The names of the methods are asked for only if it must be. */
    boolean contains(StackFrame frame, KnownClasses classes, ClassFiles files) {
        if (!isCurrentThread()) {
            return false;
        }
        for (int i = 1; i < frames.length; i++) {
            if (frames[i].getDeclaringClass() == frame.getDeclaringClass()) {
                ClassFacts facts = classes.of(frame.getDeclaringClass());
                int opening = facts.onlyMethodAt(frames[i], files);
                int closing = facts.onlyMethodAt(frame, files);
                boolean certain = opening != IndexFacts.SEVERAL && closing != IndexFacts.SEVERAL;
                if (certain ? opening == closing : Frames.isSameMethod(frames[i], frame)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a frame is at the very call at which a caller was. The method's name is not asked for. */
    boolean isAt(int number, StackFrame frame) {
        return frames[number].getDeclaringClass() == frame.getDeclaringClass()
                && frames[number].getByteCodeIndex() == frame.getByteCodeIndex();
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

    /** Whether a caller is really, by the class file, at the call that leads to the next frame inward. */
    private boolean isAtCall(int number, KnownClasses classes, ClassFiles files) {
        StackFrame frame = frames[number];
        StackFrame callee = frames[number - 1];
        if (Frames.isStaticInitializer(callee)) {
            return true; // which any kind of instruction may call
        }
        CallSite site = classes.of(frame.getDeclaringClass()).site(frame, files);
        return site != null
                && (site.calls(callee) || site.isCall() && Frames.isLambda(callee) || site.linksLate())
                && site.isOnLineOf(frame);
    }
}
