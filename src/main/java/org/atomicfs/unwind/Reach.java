package org.atomicfs.unwind;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which instructions of a method are reached from others without an exception; each flow is followed once. */
final class Reach {
    private final MethodCode method;
    private final Map<Integer, BitSet> flows = new HashMap<>(); // by where they start

    Reach(MethodCode method) {
        this.method = method;
    }

    MethodCode method() {
        return method;
    }

    /** What is reached from an instruction, itself included; not to be changed. */
    BitSet from(int start) {
        BitSet reached = flows.get(start);
        if (reached == null) {
            reached = Flow.from(method, start);
            flows.put(start, reached);
        }
        return reached;
    }

    /** Whether a {@code return} is among some instructions. */
    boolean hasReturn(BitSet instructions) {
        for (int at = instructions.nextSetBit(0); at >= 0; at = instructions.nextSetBit(at + 1)) {
            if (Opcode.isReturn(method.opcode(at))) {
                return true;
            }
        }
        return false;
    }

    /** The {@code athrow} instructions among some. */
    BitSet throwing(BitSet instructions) {
        BitSet throwing = new BitSet();
        for (int at = instructions.nextSetBit(0); at >= 0; at = instructions.nextSetBit(at + 1)) {
            if (method.opcode(at) == Opcode.ATHROW) {
                throwing.set(at);
            }
        }
        return throwing;
    }

    /**
     * The instructions before which a local variable holds what it holds before a given one: those reached, without an
     * exception, before something else is stored in it.
     */
    BitSet holding(int start, int local) {
        return holding(start, local, List.of());
    }

    /** As {@link #holding(int, int)}, with those that are reached by exceptions. */
    BitSet holdingAnyhow(int start, int local) {
        return holding(start, local, method.handlers());
    }

    private BitSet holding(int start, int local, List<Handler> handlers) {
        BitSet reached = new BitSet();
        BitSet work = new BitSet();
        work.set(start);
        for (int at = start; at >= 0; at = work.nextSetBit(0)) {
            work.clear(at);
            reached.set(at);
            if (method.stored(at) != local) {
                for (int next : method.successors(at)) {
                    work.set(next, work.get(next) || !reached.get(next));
                }
            }
            for (Handler handler : handlers) {
                if (handler.covers(at) && !reached.get(handler.target())) {
                    work.set(handler.target());
                }
            }
        }
        return reached;
    }
}
