package org.atomicfs.unwind;

import java.util.BitSet;
import java.util.HashMap;
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
}
