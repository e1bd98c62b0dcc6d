package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.util.BitSet;
import org.atomicfs.unwind.Verdict.Fate;

/**
 * Finds out what becomes, in the method, of an exception that a call of {@code close()} throws: in the handler that
 * gets it, and in those that get what that one throws.
 */
final class CloseFate {
    private final Reach reach;
    private final MethodCode method;
    private final int handler; // where it begins
    private final int thrown; // the instruction that throws the exception
    private final int exception; // the variable that the handler stores it in
    private final BitSet reached; // from the handler
    private final BitSet had; // handlers, by where they begin, that the exception has been in

    private CloseFate(Reach reach, int handler, int thrown, BitSet had) {
        this.reach = reach;
        this.method = reach.method();
        this.handler = handler;
        this.thrown = thrown;
        this.exception = method.stored(handler);
        this.reached = reach.from(handler);
        this.had = had;
    }

    /** The fate of what an instruction throws. */
    static Fate of(Reach reach, int thrown) {
        return of(reach, thrown, new BitSet());
    }

    private static Fate of(Reach reach, int thrown, BitSet had) {
        for (Handler handler : reach.method().handlers()) {
            if (handler.covers(thrown)
                    && (!handler.isCatch() || catchesIoException(handler.caught()))
                    && !had.get(handler.target())) {
                had.set(handler.target());
                return new CloseFate(reach, handler.target(), thrown, had).inside();
            }
        }
        return Fate.PASSES_ON;
    }

    private static boolean catchesIoException(String type) {
        return switch (type) {
            case "java/lang/Throwable",
                    "java/lang/Exception",
                    "java/io/IOException",
                    "java/nio/file/FileSystemException" -> true;
            default -> false;
        };
    }

    private Fate inside() {
        boolean goesOn = reach.hasReturn(reached);
        if (exception != MethodCode.NONE && isAttached()) {
            return goesOn ? Fate.ATTACHED_AND_CAUGHT : Fate.ATTACHED;
        }
        boolean dropped = method.opcode(handler) == POP || exception != MethodCode.NONE && !isLoaded();
        if (goesOn || dropped) {
            return Fate.LOST;
        }
        BitSet throwing = reach.throwing(reached);
        for (int at = throwing.nextSetBit(0); at >= 0; at = throwing.nextSetBit(at + 1)) {
            Fate fate = of(reach, at, had); // of what it throws again
            if (fate != Fate.PASSES_ON) {
                return fate;
            }
        }
        return Fate.PASSES_ON;
    }

    private boolean isLoaded() {
        for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
            if (method.loaded(at) == exception) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the handler attaches the exception, as suppressed, to the one that is propagating. Not where the handler
     * may keep or throw it besides, and not where it is attached to an exception of another origin, such as the first
     * of several that were thrown when several streams were closed: that one takes the place of what is propagating.
     */
    private boolean isAttached() {
        boolean attaches = false;
        for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
            if (isAttaching(at)) {
                attaches = true;
                int argument = method.instructions().previousSetBit(at - 1);
                if (method.loaded(argument) != exception || !isToPropagating(argument)) {
                    return false;
                }
            }
        }
        return attaches && !isKeptOrThrown();
    }

    /** Whether it calls a method that attaches its last argument to an exception; the second one is Scala's. */
    private boolean isAttaching(int at) {
        String called = method.call(at);
        return called != null && (called.startsWith("addSuppressed(") || called.startsWith("preferentiallySuppress("));
    }

    /** Whether the argument before the last one is an exception that was given to the method, or caught before. */
    private boolean isToPropagating(int argument) {
        int load = method.instructions().previousSetBit(argument - 1);
        if (load >= 0 && method.opcode(load) == CHECKCAST) {
            load = method.instructions().previousSetBit(load - 1);
        }
        int receiver = method.loaded(load);
        return receiver != MethodCode.NONE && isPropagating(receiver, load, new BitSet());
    }

    /** Whether all that may be in a variable before an instruction is such an exception, or null. */
    private boolean isPropagating(int local, int at, BitSet asked) {
        if (asked.get(local)) {
            return true; // a copy of a copy
        }
        asked.set(local);
        BitSet instructions = method.instructions();
        for (int store = instructions.nextSetBit(0); store >= 0; store = instructions.nextSetBit(store + 1)) {
            if (method.stored(store) == local
                    && reach.holdingAnyhow(method.next(store), local).get(at)
                    && !isCaught(store)
                    && !(isHeldMeanwhile(local) && isCopyOfThis(store))) {
                int value = instructions.previousSetBit(store - 1);
                boolean other = method.loaded(value) == MethodCode.NONE
                        ? method.opcode(value) != ACONST_NULL
                        : method.loaded(value) == exception && reached.get(value)
                                || !isPropagating(method.loaded(value), value, asked);
                if (other) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isCopyOfThis(int store) {
        int value = method.instructions().previousSetBit(store - 1);
        return method.loaded(value) == exception && reached.get(store);
    }

    /** Whether a handler begins with an instruction that stores the exception; another one than this. */
    private boolean isCaught(int store) {
        for (Handler other : method.handlers()) {
            if (other.target() == store) {
                return store != handler;
            }
        }
        return false;
    }

    /** Whether a variable holds, when the exception is thrown, another one for certain: this one is not kept in it. */
    private boolean isHeldMeanwhile(int local) {
        if (reach.from(0).get(thrown)) {
            return false;
        }
        for (Handler other : method.handlers()) {
            if (reach.from(other.target()).get(thrown) && mayComeWithNull(other.target(), local)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a way leads from a handler to where the exception is thrown, on which a variable may hold null. */
    private boolean mayComeWithNull(int from, int local) {
        BitSet reachedWithNull = new BitSet();
        BitSet work = new BitSet();
        work.set(from);
        for (int at = from; at >= 0; at = work.nextSetBit(0)) {
            work.clear(at);
            reachedWithNull.set(at);
            int before = method.instructions().previousSetBit(at - 1);
            if (method.stored(at) == local && (at == from || method.opcode(before) != ACONST_NULL)) {
                continue;
            }
            boolean test = isNullTest(method.opcode(at)) && method.loaded(before) == local;
            for (int next : method.successors(at)) {
                boolean whenNull = (next == method.next(at)) == (method.opcode(at) == IFNONNULL);
                if ((!test || whenNull) && !reachedWithNull.get(next)) {
                    work.set(next);
                }
            }
        }
        return reachedWithNull.get(thrown);
    }

    /** Whether it is stored in another variable or field, returned, or thrown. */
    private boolean isKeptOrThrown() {
        BitSet holding = reach.holding(method.next(handler), exception);
        for (int at = holding.nextSetBit(0); at >= 0; at = holding.nextSetBit(at + 1)) {
            if (method.loaded(at) == exception) {
                int next = method.next(at);
                int opcode = method.opcode(next);
                boolean kept = method.storesReference(next) && !isHeldMeanwhile(method.stored(next));
                if (kept || opcode == ATHROW || opcode == ARETURN || isFieldWrite(opcode)) {
                    return true;
                }
            }
        }
        return false;
    }
}
