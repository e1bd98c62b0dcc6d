package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

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
                    && (isJump(handler.caught()) || testsForJump(method, handler))) {
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

    /**
     * Whether a handler, of whichever type, tells a jump from other exceptions, or from the causes of others: by a test
     * of its own, as Scala does, which catches everything; or by a method that perhaps does that.
     */
    private static boolean testsForJump(MethodCode method, Handler handler) {
        int exception = method.stored(handler.target());
        BitSet reached = Flow.from(method, handler.target());
        boolean named = false; // in the class
        for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
            String tested = method.testedClass(at);
            if (tested != null && isJump(tested)) {
                return true;
            }
            if (isTestOf(method, exception, at)) {
                named = named || areNamedIn(method.constants());
                if (named && throwsUnlessTrue(method, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the method goes one way or the other by what a call says of the exception. */
    private static boolean isTestOf(MethodCode method, int exception, int call) {
        String called = method.call(call);
        if (called == null || exception == MethodCode.NONE) {
            return false;
        }
        if (method.opcode(call) == INVOKEDYNAMIC && !called.startsWith("typeSwitch(")) {
            return false;
        }
        if (called.startsWith("typeSwitch(")) { // whose cases are named elsewhere in the class file
            return true;
        }
        if (method.constants().memberClass(method.constant(call)).startsWith("scala/util/control/NonFatal")) {
            return false; // true for failures
        }
        int next = method.next(call);
        if (!method.result(call).equals("Z") || next >= method.length() || !isConditional(method.opcode(next))) {
            return false;
        }
        for (int at = call; (at = method.instructions().previousSetBit(at - 1)) >= 0; ) {
            if (method.loaded(at) == exception) {
                return true;
            }
            if (method.stored(at) != MethodCode.NONE || endsStatement(method.opcode(at))) {
                return false;
            }
        }
        return false;
    }

    /** Whether the method goes on normally when a call says true, and throws otherwise. */
    private static boolean throwsUnlessTrue(MethodCode method, int call) {
        if (method.call(call).startsWith("typeSwitch(")) {
            return true;
        }
        Reach reach = new Reach(method);
        int test = method.next(call);
        boolean jumpsIfFalse = method.opcode(test) == IFEQ;
        BitSet whenTrue = reach.from(jumpsIfFalse ? method.next(test) : method.target(test));
        BitSet whenFalse = reach.from(jumpsIfFalse ? method.target(test) : method.next(test));
        return reach.hasReturn(whenTrue)
                && !reach.hasReturn(whenFalse)
                && !reach.throwing(whenFalse).isEmpty();
    }

    private static boolean isJump(String type) {
        return switch (type) {
            case "java/io/EOFException",
                    "java/io/OptionalDataException",
                    "java/util/NoSuchElementException",
                    "java/util/InputMismatchException",
                    "java/util/EmptyStackException",
                    "java/nio/BufferUnderflowException",
                    "java/nio/BufferOverflowException",
                    "java/nio/channels/ClosedChannelException",
                    "java/nio/channels/AsynchronousCloseException",
                    "java/lang/IndexOutOfBoundsException",
                    "java/lang/ArrayIndexOutOfBoundsException",
                    "java/lang/StringIndexOutOfBoundsException" -> true;
            default -> isJumpByName(type);
        };
    }

    private static boolean isJumpByName(String type) {
        String name = type.substring(Math.max(type.lastIndexOf('/'), type.lastIndexOf('$')) + 1);
        return name.endsWith("Exception") && isEndByName(name)
                || name.endsWith("StopIteration")
                || name.equals("AbortFlowException") // Kotlin's Flow.first()
                || name.equals("ClosedReceiveChannelException") // Kotlin's Channel.receive()
                || type.startsWith("scala/")
                        && (name.endsWith("Control") || name.endsWith("ControlThrowable") || name.equals("Break"));
    }

    private static boolean isEndByName(String exception) {
        return exception.startsWith("EndOf")
                || exception.startsWith("EOF")
                || exception.startsWith("Eof")
                || exception.startsWith("NoMore")
                || exception.startsWith("Stop") && !exception.startsWith("Stopp") // JUnit 4's StoppedByUserException
                || exception.startsWith("Break");
    }
}
