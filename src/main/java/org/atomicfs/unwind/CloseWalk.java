package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.atomicfs.unwind.Verdict.Fate;

/**
 * The walk along the stack that answers, at a close, whether an exception is propagating: outward from the close, as
 * long as methods do nothing but close, to the one that does it because of an exception. Serves for one question.
 */
final class CloseWalk implements Function<Stream<StackFrame>, Unwinding> {
    private static final int LONGEST_CHAIN = 32; // of methods that do nothing but close
    private static final int LOOKED_AT = 256; // frames further outward

    private final Predicate<Class<?>> library;
    private final Openers openers;
    private final KnownClasses classes = KnownClasses.shared();
    private final ClassFiles files = new ClassFiles();

    CloseWalk(Predicate<Class<?>> library, Openers openers) {
        this.library = library;
        this.openers = openers;
    }

    @Override
    public Unwinding apply(Stream<StackFrame> frames) {
        Iterator<StackFrame> outward = frames.iterator();
        StackFrame callee = null;
        boolean doomed = false;
        boolean insideLambda = false;
        Unwinding toThrow = null; // what becomes of what close() throws, as far as the frames so far decide it
        for (int count = 0; count < LONGEST_CHAIN && outward.hasNext(); ) {
            StackFrame frame = outward.next();
            if (count == 0 && library.test(frame.getDeclaringClass())) {
                callee = frame;
                continue;
            }
            count++;
            List<Integer> opens = openers.indexesIn(frame, classes, files);
            Verdict verdict = opens == null ? null : verdict(frame, callee, insideLambda, opens);
            if (verdict == null) {
                return Unwinding.NO;
            }
            doomed |= verdict.doomed();
            boolean decisive = doomed && verdict.handlerOnly();
            toThrow = toThrow != null ? toThrow : fate(verdict.fate(), decisive);
            if (decisive) {
                boolean unwinding = !verdict.used() && !verdict.caughtJump() && isBorneOut(outward, frame);
                return unwinding ? toThrow : Unwinding.NO;
            }
            if (Frames.isCallbackOfFailure(frame)) {
                return Unwinding.HIDES;
            }
            insideLambda = Frames.isLambda(frame);
            if (!opens.isEmpty() || !CloseNames.isCloseLike(frame.getMethodName()) && !insideLambda) {
                return Unwinding.NO;
            }
            callee = frame;
        }
        return Unwinding.NO;
    }

    /**
     * The verdict on the call that a frame is at; null when it is not known.
     *
     * @param callee the frame of what is called
     * @param insideLambda whether the callee is the body of a lambda
     */
    private Verdict verdict(StackFrame frame, StackFrame callee, boolean insideLambda, List<Integer> opens) {
        ClassFacts facts = classes.of(frame.getDeclaringClass());
        CallSite site = facts.site(frame, files);
        if (site == null || !site.calls(callee) && !(insideLambda && site.isClose())) {
            return null;
        }
        Verdict verdict = facts.verdict(frame, site, opens, files);
        if (verdict == null || verdict.isOrdinary()) {
            return verdict;
        }
        return site.isOnLineOf(frame) && facts.isUnchanged(frame.getDeclaringClass(), files) ? verdict : null;
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
     * Whether nothing further outward contradicts a propagating exception. The frames seen so far must be younger than
     * the stream: an activation that was there when it was opened, and is there still, must be found. The stream must
     * not have been opened while an exception was being handled. No exception that is used as a jump may be what
     * propagates.
     */
    private boolean isBorneOut(Iterator<StackFrame> outward, StackFrame innermost) {
        int owner = openers.lastIn(innermost);
        StackFrame callee = innermost;
        for (int count = 0; count < LOOKED_AT && outward.hasNext(); count++) {
            StackFrame frame = outward.next();
            if (classes.of(frame.getDeclaringClass()).catchesJump(frame, callee, files)) {
                return false;
            }
            callee = frame;
            if (owner == 0) {
                owner = openers.lastIn(frame);
            }
        }
        if (!openers.isCurrentThread()) {
            return true;
        }
        for (int i = 1; i <= owner; i++) {
            StackFrame opener = openers.get(i);
            CallSite site = classes.of(opener.getDeclaringClass()).site(opener, files);
            if (site != null && site.verdict() != null && site.verdict().handlerOnly()) {
                return false;
            }
        }
        return owner != 0;
    }
}
