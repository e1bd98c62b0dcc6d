package org.atomicfs.unwind;

import java.util.BitSet;
import java.util.List;

/**
 * Tells a stream that was opened while an exception was being handled, but is closed because of another one, from one
 * that is about the first exception: a report of it, which is complete when it is closed on the way of that exception.
 */
final class OpenedInHandler {
    private OpenedInHandler() {}

    /**
     * Whether what a method opened while it handled an exception may concern that exception: between the opening and
     * the close the exception is used.
     *
     * @param opens indexes of calls by which the stream was opened
     * @param close index of the call that closes it, which is reached by exceptions only
     */
    static boolean mayConcernException(MethodCode method, List<Integer> opens, int close) {
        Reach reach = new Reach(method);
        BitSet normal = reach.from(0);
        for (int open : opens) {
            if (!normal.get(open) && mayConcernException(reach, open, close)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayConcernException(Reach reach, int open, int close) {
        MethodCode method = reach.method();
        BitSet protectedCode = protectedCode(reach, reach.from(method.next(open)), close);
        BitSet normal = reach.from(0);
        for (Handler handler : method.handlers()) {
            if (normal.get(handler.target()) || !reach.from(handler.target()).get(open)) {
                continue;
            }
            if (method.opcode(handler.target()) == Opcode.POP) {
                continue; // the handler does not use the exception at all
            }
            int exception = method.stored(handler.target());
            if (exception == MethodCode.NONE) {
                return true; // it stays on the operand stack, which is not followed
            }
            BitSet holding = reach.holding(method.next(handler.target()), exception);
            holding.and(protectedCode);
            for (int at = holding.nextSetBit(0); at >= 0; at = holding.nextSetBit(at + 1)) {
                if (method.loaded(at) == exception) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Those of some instructions from which an exception leads to the close. */
    private static BitSet protectedCode(Reach reach, BitSet instructions, int close) {
        BitSet covered = new BitSet();
        for (Handler handler : reach.method().handlers()) {
            if (reach.from(handler.target()).get(close)) {
                covered.set(handler.start(), Math.max(handler.start(), handler.end()));
            }
        }
        covered.and(instructions);
        return covered;
    }

    /**
     * Whether a method that opened a stream while it handled an exception may have ended by throwing: then that
     * exception is perhaps the one because of which the stream is closed further outward.
     *
     * @param open index of the call by which the stream was opened
     */
    static boolean mayHaveThrown(MethodCode method, int open) {
        Reach reach = new Reach(method);
        return !reach.from(0).get(open)
                && !reach.throwing(reach.from(method.next(open))).isEmpty();
    }
}
