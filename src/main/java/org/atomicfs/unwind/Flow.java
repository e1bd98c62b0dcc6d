package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * Which instructions of a method are reached without an exception from given ones. A test of a local variable that
 * holds the constant null there goes one way only: so Scala's {@code Using.resource} tells whether it has caught
 * something.
 */
final class Flow {
    /** A set of local variables, a bit each; of those numbered below this. Of others nothing is known. */
    private static final int KNOWN_LOCALS = Long.SIZE - 1;

    private static final long VISITED = Long.MIN_VALUE;

    private final MethodCode method;
    private final BitSet reached = new BitSet();
    private final long[] nulls; // by instruction: the local variables that hold null on every way there
    private final Deque<Integer> work = new ArrayDeque<>();

    private Flow(MethodCode method) {
        this.method = method;
        this.nulls = new long[method.length()];
    }

    /** What is reached from some instructions, they themselves included. */
    static BitSet from(MethodCode method, int... starts) {
        Flow flow = new Flow(method);
        for (int start : starts) {
            flow.enter(start, 0);
        }
        while (!flow.work.isEmpty()) {
            flow.leave(flow.work.poll());
        }
        return flow.reached;
    }

    /** Comes to an instruction while some local variables hold null. */
    private void enter(int at, long holdingNull) {
        boolean visited = (nulls[at] & VISITED) != 0;
        long now = (visited ? nulls[at] & holdingNull : holdingNull) | VISITED;
        if (now != nulls[at]) {
            nulls[at] = now;
            reached.set(at);
            work.add(at);
        }
    }

    private void leave(int at) {
        long holdingNull = nulls[at] & ~VISITED;
        if (method.opcode(at) == ACONST_NULL) {
            int store = method.next(at);
            if (method.storesReference(store)) {
                reached.set(store);
                enter(method.next(store), holdingNull | bit(method.stored(store)));
                return;
            }
        }
        int stored = method.stored(at);
        if (stored != MethodCode.NONE) {
            holdingNull &= ~(bit(stored) | bit(stored + 1)); // a long takes two
        }
        if ((holdingNull & bit(method.loaded(at))) != 0 && leaveTestOfNull(method.next(at), holdingNull)) {
            return;
        }
        for (int next : method.successors(at)) {
            enter(next, holdingNull);
        }
    }

    /** Goes the one way that a test of null goes; returns false if it is no such test that begins there. */
    private boolean leaveTestOfNull(int at, long holdingNull) {
        int test = method.opcode(at) == ACONST_NULL ? method.next(at) : at;
        int opcode = method.opcode(test);
        boolean comparesWithNull = test != at && (opcode == IF_ACMPEQ || opcode == IF_ACMPNE);
        if (!comparesWithNull && !(test == at && isNullTest(opcode))) {
            return false;
        }
        reached.set(at);
        reached.set(test);
        boolean jumps = opcode == IFNULL || opcode == IF_ACMPEQ;
        enter(jumps ? method.target(test) : method.next(test), holdingNull);
        return true;
    }

    private static long bit(int local) {
        return local >= 0 && local < KNOWN_LOCALS ? 1L << local : 0;
    }
}
