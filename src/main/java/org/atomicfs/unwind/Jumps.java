package org.atomicfs.unwind;

import java.util.BitSet;

/**
 * Exceptions that languages and libraries use as a jump rather than as a failure: the end of the input, the end of an
 * iteration, a {@code break} out of a closure. What was written is complete when one of them ends a loop.
 */
final class Jumps {
    private Jumps() {}

    /** Whether what an instruction throws is caught in its method as a jump. */
    static boolean isInsideCatch(MethodCode method, int at) {
        for (Handler handler : method.handlers()) {
            if (handler.isCatch()
                    && handler.covers(at)
                    && (isJump(handler.caught())
                            || handler.caught().equals("java/lang/Throwable") && testsForJump(method, handler))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a class can tell a jump from a failure: whether it names the type of one at all. */
    static boolean areNamedIn(ConstantPool constants) {
        for (int i = 1; i < constants.count(); i++) {
            if (constants.isClass(i) && isJump(constants.className(i))) {
                return true;
            }
        }
        return false;
    }

    /** Scala catches everything, and then tests what it has caught. */
    private static boolean testsForJump(MethodCode method, Handler handler) {
        BitSet reached = Flow.from(method, handler.target());
        for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
            if (method.opcode(at) == Opcode.INSTANCEOF && isJump(method.testedClass(at))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isJump(String type) {
        return type.equals("java/io/EOFException")
                || type.equals("java/util/NoSuchElementException")
                || type.endsWith("/AbortFlowException") // Kotlin's Flow.first()
                || type.endsWith("StopIteration")
                || type.startsWith("scala/")
                        && (type.endsWith("Control") || type.endsWith("ControlThrowable") || type.endsWith("Break"));
    }
}
