package org.atomicfs.unwind;

import java.util.BitSet;
import java.util.List;

/** Where a local variable of a method still holds what it holds before a certain instruction. */
final class Holding {
    private Holding() {}

    /** The instructions that are reached, without an exception, before something else is stored in the variable. */
    static BitSet normally(MethodCode method, int start, int local) {
        return from(method, start, local, List.of());
    }

    /** The instructions that are reached, also by exceptions, before something else is stored in the variable. */
    static BitSet anyhow(MethodCode method, int start, int local) {
        return from(method, start, local, method.handlers());
    }

    private static BitSet from(MethodCode method, int start, int local, List<Handler> handlers) {
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
