package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.util.BitSet;

/**
 * Guesses from the code of a method whether it closes what a call in it opens, or hands it on to its caller. A wrong
 * guess makes a difference only when a stream is opened many calls below the method that closes it.
 */
final class Ownership {
    private Ownership() {}

    /** Whether what a call returns is kept in a variable, a close is reached from there, and nothing is handed on. */
    static boolean closesWhatItOpens(MethodCode method, int call) {
        return !mayReturnIt(method.descriptor()) && isKeptInVariable(method, call) && isFollowedByClose(method, call);
    }

    private static boolean mayReturnIt(String descriptor) {
        String result = descriptor.substring(descriptor.indexOf(')') + 1);
        return result.startsWith("L")
                && !result.startsWith("Ljava/lang/")
                && !result.startsWith("Ljava/util/")
                && !result.startsWith("Ljava/nio/file/");
    }

    /** Perhaps after it was wrapped by further calls. */
    private static boolean isKeptInVariable(MethodCode method, int call) {
        for (int at = method.next(call); at < method.length(); at = method.next(at)) {
            int opcode = method.opcode(at);
            if (method.stored(at) != MethodCode.NONE) {
                return method.storesReference(at);
            }
            if (opcode == PUTFIELD || opcode == PUTSTATIC || isJump(opcode)) {
                return false;
            }
        }
        return false;
    }

    private static boolean isJump(int opcode) {
        return isReturn(opcode) || isConditional(opcode) || opcode == GOTO || opcode == ATHROW;
    }

    private static boolean isFollowedByClose(MethodCode method, int call) {
        Reach reach = new Reach(method);
        BitSet after = reach.from(method.next(call));
        if (hasClose(method, after)) {
            return true;
        }
        if (reach.hasReturn(after)) {
            return false;
        }
        for (Handler handler : method.handlers()) { // it always throws
            int covered = after.nextSetBit(handler.start());
            if (covered >= 0 && covered < handler.end() && hasClose(method, reach.from(handler.target()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasClose(MethodCode method, BitSet instructions) {
        for (int at = instructions.nextSetBit(0); at >= 0; at = instructions.nextSetBit(at + 1)) {
            String called = method.call(at);
            if (called != null && CloseNames.isCloseLike(called)) {
                return true;
            }
        }
        return false;
    }
}
