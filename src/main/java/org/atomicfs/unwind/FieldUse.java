package org.atomicfs.unwind;

import java.util.BitSet;

/** Finds out whether a method of the same class, or one that it calls there, uses a field that the caller closes. */
final class FieldUse {
    /** How many calls, one inside the other, are followed. */
    private static final int DEEPEST = 5;

    private final Operands closed;
    private final BitSet seen = new BitSet(); // methods, by number

    FieldUse(Operands closed) {
        this.closed = closed;
    }

    /** Whether a call of a method does so, unless that method only closes. */
    boolean isInCall(MethodCode method, int call) {
        return closed.fieldCount() > 0 && isInCall(method, call, 1);
    }

    private boolean isInCall(MethodCode method, int call, int depth) {
        String name = method.call(call);
        if (name == null || depth > DEEPEST || CloseNames.isCloseLike(name)) {
            return false;
        }
        MethodCode called = method.called(call);
        if (called == null || seen.get(called.number())) {
            return false;
        }
        seen.set(called.number());
        BitSet instructions = called.instructions();
        for (int at = instructions.nextSetBit(0); at >= 0; at = instructions.nextSetBit(at + 1)) {
            if (closed.isFieldReadBy(called, at) && !Uses.isHarmless(called, at) || isInCall(called, at, depth + 1)) {
                return true;
            }
        }
        return false;
    }
}
