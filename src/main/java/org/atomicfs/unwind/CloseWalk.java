package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The walk along the stack that answers, at a close, whether an exception is propagating. It goes outward, whatever the
 * methods on the way are called, until the code of one says that it closes because of an exception, or until the method
 * that opened the stream is reached. Serves for one question.
 */
final class CloseWalk implements Function<Stream<StackFrame>, Unwinding> {
    /** How many frames are fetched at once, those of the library included. */
    static final int FETCHED = 9;

    /** How far from the close, in frames, the method may be that closes because of an exception. */
    static final int LONGEST_CHAIN = 64;

    /** How many frames further outward are looked at. */
    static final int LOOKED_AT = 256;

    private final Predicate<Class<?>> library;
    private final Openers openers;
    private final KnownClasses classes = KnownClasses.shared();
    private final ClassFiles files = new ClassFiles();
    private boolean swallowed; // what propagates, by a method that the opener of the stream has called
    private Class<?> lastClass;
    private ClassFacts lastFacts; // frames of one class often follow each other

    CloseWalk(Predicate<Class<?>> library, Openers openers) {
        this.library = library;
        this.openers = openers;
    }

    @Override
    public Unwinding apply(Stream<StackFrame> frames) {
        Outward outward = new Outward(frames);
        StackFrame[] chain = new StackFrame[8]; // the library's own method, and then its callers
        int count = 0;
        CloseChain judged = null;
        while (count <= LONGEST_CHAIN && outward.advance()) {
            StackFrame frame = outward.frame();
            if (count <= 1 && library.test(frame.getDeclaringClass())) {
                chain[0] = frame;
                count = 1;
                continue;
            }
            if (count == 0) {
                return Unwinding.NO; // not called by the library at all
            }
            if (count == chain.length) {
                chain = Arrays.copyOf(chain, 2 * count);
            }
            chain[count++] = frame;
            Boolean mayDecide = facts(frame).mayDecide(frame, files);
            if (mayDecide == null) {
                return Unwinding.NO;
            }
            if (mayDecide || Frames.isCallbackOfFailure(frame)) {
                judged = judged == null ? new CloseChain(openers, classes, files) : judged;
                CloseChain.Answer answer = judged.judge(chain, count);
                if (answer == CloseChain.Answer.BECAUSE_OF_EXCEPTION) {
                    return isBorneOut(outward) ? heard(judged.unwinding()) : Unwinding.NO;
                }
                if (answer == CloseChain.Answer.BECAUSE_OF_FAILURE) {
                    return Unwinding.FOLLOWS_FAILURE;
                }
                if (answer == CloseChain.Answer.NO) {
                    return Unwinding.NO;
                }
            }
            if (openers.contains(frame, classes, files)) {
                return Unwinding.NO; // it opened the stream, and closes it ordinarily
            }
        }
        return Unwinding.NO;
    }

    private Unwinding heard(Unwinding unwinding) {
        return unwinding == Unwinding.ATTACHES && swallowed ? Unwinding.ATTACHES_UNHEARD : unwinding;
    }

    /** Whether an exception that leaves the call at which a frame is goes no further. */
    private boolean swallows(StackFrame frame) {
        ClassFacts facts = facts(frame);
        CallSite site = facts.site(frame, files);
        Verdict verdict = site == null ? null : facts.verdict(frame, site, List.of(), files);
        return verdict != null
                && (verdict.fate() == Verdict.Fate.LOST || verdict.fate() == Verdict.Fate.ATTACHED_AND_CAUGHT);
    }

    private ClassFacts facts(StackFrame frame) {
        if (frame.getDeclaringClass() != lastClass) {
            lastClass = frame.getDeclaringClass();
            lastFacts = classes.of(lastClass);
        }
        return lastFacts;
    }

    /**
     * Whether nothing further outward contradicts a propagating exception. No exception that is used as a jump may be
     * what propagates. And the stream must be known to be older than the frames between: one of the callers when it was
     * opened must still be there, called by the same calls as then.
     */
    private boolean isBorneOut(Outward outward) {
        boolean sameThread = openers.isCurrentThread();
        StackFrame callee = outward.frame();
        int number = openers.lastIn(callee);
        swallowed = sameThread && number == Openers.NONE && swallows(callee);
        for (int count = 0; count < LOOKED_AT && outward.advance(); count++) {
            StackFrame frame = outward.frame();
            if (facts(frame).catchesJump(frame, callee, files)) {
                return false;
            }
            callee = frame;
            if (!sameThread || number == openers.size() && number != Openers.NONE) {
                continue; // found, up to the outermost one that is known
            }
            boolean follows = number != Openers.NONE && openers.isAt(number + 1, frame);
            boolean inside = number == Openers.NONE;
            number = follows ? number + 1 : openers.lastIn(frame);
            swallowed = swallowed || inside && number == Openers.NONE && swallows(frame);
        }
        return !sameThread || number != Openers.NONE;
    }
}
