package org.atomicfs.unwind;

import java.lang.StackWalker.StackFrame;
import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * Where a stream was opened, kept until it is closed: then it is compared with where that happens. Immutable; safe for
 * any thread.
 *
 * <p>It costs a few microseconds to make, and again to ask; the first question that comes to a method reads its class
 * file.
 */
public final class OpenSite {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private static final int KEPT = 8; // frames, of those who opened
    private static final int LONGEST_CHAIN = 32; // of methods that do nothing but close
    private static final int LOOKED_AT = 256; // frames further outward

    private final Predicate<Class<?>> library;
    private final long thread = Thread.currentThread().getId();

    /** The library's own method that was called, and then its callers, outward. */
    private final StackFrame[] opened;

    private OpenSite(Predicate<Class<?>> library, StackFrame[] opened) {
        this.library = library;
        this.opened = opened;
    }

    /**
     * Notes where a stream is being opened.
     *
     * @param library the classes of the stream itself: their frames at the near end of the stack are passed over, here
     *     and when it is closed
     */
    public static OpenSite here(Predicate<Class<?>> library) {
        return new OpenSite(library, WALKER.walk(frames -> {
            Iterator<StackFrame> outward = frames.iterator();
            StackFrame[] kept = new StackFrame[KEPT + 1];
            int count = 0;
            while (count < kept.length && outward.hasNext()) {
                StackFrame frame = outward.next();
                if (count <= 1 && isOwn(frame, library)) {
                    kept[0] = frame;
                    count = 1;
                } else {
                    kept[count++] = frame;
                }
            }
            return Arrays.copyOf(kept, count);
        }));
    }

    /**
     * Whether the stream is closed, by the method of the library that calls this, because an exception is propagating.
     * Never throws, except when the JVM itself fails ({@link VirtualMachineError}).
     */
    public Unwinding unwinding() {
        try {
            return WALKER.walk(frames -> decide(frames.iterator()));
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable unknown) {
            return Unwinding.NO;
        }
    }

    private static boolean isOwn(StackFrame frame, Predicate<Class<?>> library) {
        Class<?> type = frame.getDeclaringClass();
        return type == OpenSite.class || library.test(type);
    }

    /**
     * Walks outward from the close, as long as methods do nothing but close, to the one that does it because of an
     * exception.
     */
    private Unwinding decide(Iterator<StackFrame> outward) {
        StackFrame callee = null;
        boolean doomed = false;
        boolean insideLambda = false;
        Unwinding said = null; // of what close() throws, by the frames so far
        for (int count = 0; count < LONGEST_CHAIN && outward.hasNext(); ) {
            StackFrame frame = outward.next();
            if (count == 0 && isOwn(frame, library)) {
                callee = frame;
                continue;
            }
            count++;
            int[] opens = opensIn(frame);
            if (opens == null) {
                return Unwinding.NO;
            }
            Verdict verdict = Verdicts.ofCall(frame, callee, insideLambda, opens);
            if (verdict == null) {
                return Unwinding.NO;
            }
            doomed |= verdict.doomed();
            boolean decisive = doomed && verdict.handlerOnly();
            said = said != null ? said : said(verdict.fate(), decisive);
            if (decisive) {
                boolean unwinding = !verdict.used() && !verdict.caughtJump() && isBorneOut(outward, frame);
                return unwinding ? said : Unwinding.NO;
            }
            if (Frames.isCallbackOfFailure(frame)) {
                return Unwinding.HIDES;
            }
            insideLambda = Frames.isLambda(frame);
            if (opens.length > 0 || !CloseNames.isCloseLike(frame.getMethodName()) && !insideLambda) {
                return Unwinding.NO;
            }
            callee = frame;
        }
        return Unwinding.NO;
    }

    /** What becomes of an exception of {@code close()} in one more frame; null when it goes on to the next. */
    private static Unwinding said(Verdict.Fate fate, boolean decisive) {
        return switch (fate) {
            case ATTACHED_AND_CAUGHT -> Unwinding.ATTACHES;
            case ATTACHED -> decisive ? Unwinding.ATTACHES : null; // goes on as part of the other one
            case PASSES_ON -> decisive ? Unwinding.HIDES : null;
            case LOST -> Unwinding.HIDES;
        };
    }

    /** The indexes at which this method was when the stream was opened; null when one of them is not to be trusted. */
    private int[] opensIn(StackFrame frame) {
        int[] opens = {};
        for (int i = 1; isOpenersThread() && i < opened.length; i++) {
            if (Frames.isSameMethod(opened[i], frame)) {
                if (!Verdicts.isAtCall(opened[i], opened[i - 1])) {
                    return null;
                }
                opens = Arrays.copyOf(opens, opens.length + 1);
                opens[opens.length - 1] = opened[i].getByteCodeIndex();
            }
        }
        return opens;
    }

    /** The outermost of the openers that is this method; 0 when none is. */
    private int lastOpenedIn(StackFrame frame) {
        int last = 0;
        for (int i = 1; isOpenersThread() && i < opened.length; i++) {
            if (Frames.isSameMethod(opened[i], frame)) {
                last = i;
            }
        }
        return last;
    }

    private boolean isOpenersThread() {
        return thread == Thread.currentThread().getId();
    }

    /**
     * Whether nothing further outward speaks against a propagating exception. The frames seen so far must be younger
     * than the stream: an activation that was there when it was opened, and is there still, must be found. The stream
     * must not have been opened while an exception was being handled. No exception that is used as a jump may be what
     * propagates. And the code that was read must be what runs.
     */
    private boolean isBorneOut(Iterator<StackFrame> outward, StackFrame innermost) {
        StackFrame callee = innermost;
        int owner = lastOpenedIn(innermost);
        for (int count = 0; count < LOOKED_AT && outward.hasNext(); count++) {
            StackFrame frame = outward.next();
            if (Verdicts.isAgainst(frame, callee)) {
                return false;
            }
            callee = frame;
            if (owner == 0) {
                owner = lastOpenedIn(frame);
            }
        }
        if (!isOpenersThread()) {
            return true;
        }
        for (int i = 1; i <= owner; i++) {
            if (Verdicts.isHandlerOnly(opened[i])) {
                return false;
            }
        }
        return owner != 0;
    }
}
