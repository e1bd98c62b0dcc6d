package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import org.atomicfs.unwind.Verdict.Fate;

/**
 * Judges the frames from a close outward, one after the other: does one of them close because of an exception, and is
 * every call on the way there understood?
 */
final class CloseChain {
    /** What the frames so far say. */
    enum Answer {
        /** Nothing yet: the question goes on to the next frame. */
        OPEN,
        /** No exception is propagating, or it is not known that one is. */
        NO,
        /** The last frame closes because of an exception. */
        BECAUSE_OF_EXCEPTION,
        /** The last frame was called because of a failure, in the place of an exception. */
        BECAUSE_OF_FAILURE
    }

    private final Openers openers;
    private final KnownClasses classes;
    private final ClassFiles files;
    private int judged = 1; // frames
    private boolean doomed; // a method on the way always throws
    private Unwinding unwinding; // what becomes of what close() throws, as far as the frames so far decide it

    CloseChain(Openers openers, KnownClasses classes, ClassFiles files) {
        this.openers = openers;
        this.classes = classes;
        this.files = files;
    }

    /**
     * Judges the frames that have been added since the last time.
     *
     * @param chain the library's own method, and then its callers
     * @param count how many these are
     */
    Answer judge(StackFrame[] chain, int count) {
        Answer answer = Answer.OPEN;
        while (answer == Answer.OPEN && judged < count) {
            answer = judge(chain[judged], chain[judged - 1]);
            judged++;
        }
        return answer == Answer.BECAUSE_OF_EXCEPTION && mayBeOtherCode() ? Answer.NO : answer;
    }

    /** What becomes of an exception of {@code close()}, after the last frame closed because of an exception. */
    Unwinding unwinding() {
        return unwinding;
    }

    private Answer judge(StackFrame frame, StackFrame callee) {
        ClassFacts facts = classes.of(frame.getDeclaringClass());
        CallSite site = facts.site(frame, files);
        if (site == null || !isCallOf(site, callee) || !site.isOnLineOf(frame)) {
            return Answer.NO;
        }
        List<Integer> opens = openers.indexesIn(frame, classes, files);
        Verdict verdict = opens == null ? null : facts.verdict(frame, site, opens, files);
        if (verdict == null || !verdict.isOrdinary() && !facts.isUnchanged(frame.getDeclaringClass(), files)) {
            return Answer.NO;
        }
        doomed = verdict.doomed() || doomed && !site.maySwallow();
        boolean decisive = doomed && verdict.handlerOnly() && site.isClose();
        if (unwinding == null) {
            unwinding = fate(verdict.fate(), decisive);
        }
        if (decisive) {
            boolean meant = verdict.used() || verdict.caughtJump() || wasOpenedForException(facts, frame, opens);
            return meant ? Answer.NO : Answer.BECAUSE_OF_EXCEPTION;
        }
        if (Frames.isCallbackOfFailure(frame)) {
            return Answer.BECAUSE_OF_FAILURE;
        }
        boolean ends = !opens.isEmpty()
                || verdict.handlerOnly() && !site.isClose() // an exception is handled by more than closing
                || CloseNames.isRollOver(frame.getMethodName());
        return ends ? Answer.NO : Answer.OPEN;
    }

    private static boolean isCallOf(CallSite site, StackFrame callee) {
        return site.calls(callee) || site.linksLate() || site.isClose() && Frames.isLambda(callee);
    }

    /** What becomes of an exception of {@code close()} in one more frame; null when it goes on to the next. */
    private static Unwinding fate(Fate fate, boolean decisive) {
        if (fate == Fate.LOST) {
            return Unwinding.HIDES;
        }
        if (fate == Fate.ATTACHED_AND_CAUGHT) {
            return Unwinding.ATTACHES;
        }
        if (!decisive) {
            return null; // if it is attached it goes on as part of the other one
        }
        return fate == Fate.ATTACHED ? Unwinding.ATTACHES : Unwinding.HIDES;
    }

    /**
     * Whether the stream may have been opened because of the very exception that is propagating: by a method further
     * inward that handled it and threw it again, or by this one while it handles it.
     */
    private boolean wasOpenedForException(ClassFacts facts, StackFrame frame, List<Integer> opens) {
        int number = openers.lastIn(frame);
        for (int i = 1; i <= number; i++) {
            StackFrame opener = openers.get(i);
            CallSite site = classes.of(opener.getDeclaringClass()).site(opener, files);
            if (site == null || site.verdict() == null || !site.verdict().handlerOnly()) {
                continue; // most: it handled no exception, or that is not known
            }
            boolean was = Frames.isSameMethod(opener, frame)
                    ? facts.mayConcernException(frame, opens, files)
                    : classes.of(opener.getDeclaringClass()).mayHaveThrown(opener, files);
            if (was) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayBeOtherCode() {
        if (Agents.arePresent()) {
            Notice.AGENT.give();
            return true;
        }
        return false;
    }
}
