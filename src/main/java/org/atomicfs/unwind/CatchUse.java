package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.util.BitSet;

/**
 * Finds out whether a {@code catch} clause that leads to a close, by itself or by the {@code finally} around it, does
 * more with what is closed than close, flush or test it: then it wrote there on purpose, for example the text of the
 * exception. A {@code finally} may write: it does so on every way.
 */
final class CatchUse {
    private static final int ANYWHERE = -1;

    /** How many calls, one inside the other, are followed. */
    private static final int DEEPEST = 5;

    private final Reach reach;
    private final MethodCode method;
    private final BitSet normal; // reached without an exception
    private final int call;
    private final Operands closed;
    private final BitSet seen = new BitSet(); // methods of the class, by number

    CatchUse(Reach reach, BitSet normal, int call) {
        this.reach = reach;
        this.method = reach.method();
        this.normal = normal;
        this.call = call;
        this.closed = Operands.before(reach, call);
    }

    boolean isFound() {
        for (Handler leading : method.handlers()) {
            if (normal.get(leading.target()) || !reach.from(leading.target()).get(call)) {
                continue;
            }
            if (leading.isCatch() && (closed.areWritten() || uses(leading, call))) {
                return true;
            }
            for (Handler inside : method.handlers()) {
                if (inside.isCatch()
                        && !normal.get(inside.target())
                        && leading.covers(inside.target())
                        && throwsOnly(inside)
                        && uses(inside, ANYWHERE)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean throwsOnly(Handler handler) {
        BitSet reached = reach.from(handler.target());
        return !reached.intersects(normal) && !reach.hasReturn(reached);
    }

    /** Whether a handler uses what is closed, at a place from which the given instruction is reached. */
    private boolean uses(Handler handler, int leadingTo) {
        int exception = method.stored(handler.target());
        BitSet reached = reach.from(handler.target());
        for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
            boolean read = closed.isReadBy(at, exception);
            boolean used = read && !isHarmless(method, at) && !isCopied(method, at);
            boolean mayUse = used || method.call(at) != null && closed.hasField();
            if (mayUse && (leadingTo == ANYWHERE || reach.from(at).get(leadingTo)) && (used || isInCall(method, at))) {
                return true;
            }
        }
        return false;
    }

    /** Whether what an instruction has read is only closed, flushed, locked or tested. */
    static boolean isHarmless(MethodCode method, int read) {
        int at = afterLoads(method, read);
        if (method.opcode(at) == DUP && method.stored(method.next(at)) != MethodCode.NONE) {
            at = method.next(method.next(at)); // a synchronized block keeps its lock in a variable
        }
        String called = method.call(at);
        return method.opcode(at) == MONITORENTER
                || method.opcode(at) == MONITOREXIT
                || isNullTest(method.opcode(at))
                || called != null && (CloseNames.isCloseLike(called) || writesNothing(called));
    }

    /** Whether what an instruction has read is kept in a variable. */
    static boolean isCopied(MethodCode method, int read) {
        return method.storesReference(afterLoads(method, read));
    }

    private static int afterLoads(MethodCode method, int read) {
        int at = method.next(read);
        while (method.opcode(at) == CHECKCAST
                || method.loaded(at) != MethodCode.NONE
                || method.opcode(at) == ACONST_NULL) {
            at = method.next(at);
        }
        return at;
    }

    private static boolean writesNothing(String called) {
        return called.startsWith("flush(")
                || called.startsWith("isOpen(")
                || called.startsWith("rethrow("); // of Guava's Closer
    }

    /**
     * Whether a method that is called, or one that it calls, uses a field that the caller closes; more than to close.
     */
    boolean isInCall(MethodCode caller, int at) {
        seen.clear();
        return closed.hasField() && isInCall(caller, at, 1);
    }

    private boolean isInCall(MethodCode caller, int calling, int depth) {
        String name = caller.call(calling);
        if (name == null || depth > DEEPEST || CloseNames.isCloseLike(name)) {
            return false;
        }
        MethodCode called = caller.called(calling);
        if (called == null || seen.get(called.number())) {
            return false;
        }
        seen.set(called.number());
        BitSet instructions = called.instructions();
        for (int at = instructions.nextSetBit(0); at >= 0; at = instructions.nextSetBit(at + 1)) {
            if (closed.isFieldReadBy(called, at) && !isHarmless(called, at) || isInCall(called, at, depth + 1)) {
                return true;
            }
        }
        return false;
    }
}
