package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

/** What a method does with a stream that an instruction has read from a variable or field. */
final class Uses {
    private Uses() {}

    /** Whether it is only closed, flushed, locked or tested. */
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

    /** Whether it is kept in a variable. */
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
}
