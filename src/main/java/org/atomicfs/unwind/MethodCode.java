package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/** The instructions of one method, its exception handlers and its line numbers (JVMS 4.7.3). */
final class MethodCode {
    /** The answer of {@link #loaded} and {@link #stored} for an instruction that accesses no local variable. */
    static final int NONE = -1;

    private final int number;
    private final String descriptor;
    private final ByteBuffer code;
    private final ConstantPool constants;
    private final List<Handler> handlers;
    private final LineTable lines;
    private final Function<Integer, MethodCode> siblings; // of the class, by the constant that names one
    private final BitSet instructions = new BitSet();

    /**
     * @param number of the method in its class
     * @param siblings finds the method that a constant names; null if it is of another class, or has no code
     */
    MethodCode(
            int number,
            String descriptor,
            ByteBuffer code,
            ConstantPool constants,
            List<Handler> handlers,
            LineTable lines,
            Function<Integer, MethodCode> siblings) {
        this.number = number;
        this.descriptor = descriptor;
        this.code = code;
        this.constants = constants;
        this.handlers = handlers;
        this.lines = lines;
        this.siblings = siblings;
        int at = 0;
        while (at < length()) {
            instructions.set(at);
            int next = next(at);
            if (next <= at || next > length()) {
                throw new IllegalArgumentException("the instruction at %d is cut off".formatted(at));
            }
            at = next;
        }
    }

    /** Its place among the methods of its class. */
    int number() {
        return number;
    }

    /** The types of the parameters and of the result, as in {@code (I)V}. */
    String descriptor() {
        return descriptor;
    }

    int length() {
        return code.limit();
    }

    /** The indexes at which instructions begin. */
    BitSet instructions() {
        return instructions;
    }

    List<Handler> handlers() {
        return handlers;
    }

    int opcode(int at) {
        return Byte.toUnsignedInt(code.get(at));
    }

    /** Where the next instruction begins. */
    int next(int at) {
        int opcode = opcode(at);
        int length = Opcode.length(opcode);
        if (length != VARIES) {
            return at + length;
        }
        int operands = aligned(at);
        return switch (opcode) {
            case TABLESWITCH -> Math.addExact(operands + 12, Math.multiplyExact(4, cases(at)));
            case LOOKUPSWITCH -> Math.addExact(operands + 8, Math.multiplyExact(8, cases(at)));
            default -> at + (opcode(at + 1) == IINC ? 6 : 4); // wide
        };
    }

    /** The indexes of the instructions that may follow one, unless it throws. */
    int[] successors(int at) {
        int opcode = opcode(at);
        if (isConditional(opcode)) {
            return new int[] {next(at), at + code.getShort(at + 1)};
        }
        if (isReturn(opcode)) {
            return new int[0];
        }
        return switch (opcode) {
            case ATHROW -> new int[0];
            case GOTO -> new int[] {at + code.getShort(at + 1)};
            case GOTO_W -> new int[] {at + code.getInt(at + 1)};
            case TABLESWITCH, LOOKUPSWITCH -> switchTargets(at);
            case JSR -> new int[] {at + code.getShort(at + 1)};
            case JSR_W -> new int[] {at + code.getInt(at + 1)};
            case RET -> afterSubroutines();
            case WIDE -> opcode(at + 1) == RET ? afterSubroutines() : new int[] {next(at)};
            default -> new int[] {next(at)};
        };
    }

    /**
     * Where a subroutine may return to: behind any {@code jsr}, since which one it was is not followed. So a flow
     * through a subroutine comprises more than what can happen, and a call in it never counts as reached by exceptions
     * only.
     */
    private int[] afterSubroutines() {
        BitSet returns = new BitSet();
        for (int at = instructions.nextSetBit(0); at >= 0; at = instructions.nextSetBit(at + 1)) {
            if (opcode(at) == JSR || opcode(at) == JSR_W) {
                returns.set(next(at));
            }
        }
        int[] targets = new int[returns.cardinality()];
        int count = 0;
        for (int at = returns.nextSetBit(0); at >= 0; at = returns.nextSetBit(at + 1)) {
            targets[count++] = at;
        }
        return targets;
    }

    /** Where a conditional jump goes when it jumps. */
    int target(int at) {
        return at + code.getShort(at + 1);
    }

    private int[] switchTargets(int at) {
        int operands = aligned(at);
        int count = cases(at);
        int[] targets = new int[count + 1];
        targets[count] = at + code.getInt(operands); // default
        int size = opcode(at) == TABLESWITCH ? 4 : 8; // of a case: its offset, or its value and its offset
        for (int i = 0; i < count; i++) {
            targets[i] = at + code.getInt(operands + 12 + size * i);
        }
        return targets;
    }

    private int cases(int at) {
        int operands = aligned(at);
        int count = opcode(at) == TABLESWITCH
                ? Math.addExact(Math.subtractExact(code.getInt(operands + 8), code.getInt(operands + 4)), 1)
                : code.getInt(operands + 4);
        if (count < 0 || count > length()) {
            throw new IllegalArgumentException("a switch with %d cases".formatted(count));
        }
        return count;
    }

    private static int aligned(int at) {
        return (at + 4) & ~3;
    }

    /** The local variable that a reference is loaded from, or {@link #NONE}. */
    int loaded(int at) {
        int opcode = opcode(at);
        if (opcode >= ALOAD_0 && opcode <= ALOAD_3) {
            return opcode - ALOAD_0;
        }
        return opcode == ALOAD || opcode == WIDE && opcode(at + 1) == ALOAD ? local(at) : NONE;
    }

    /** The local variable that a value of any type is stored to, or {@link #NONE}. */
    int stored(int at) {
        int opcode = opcode(at);
        if (opcode >= ISTORE_0 && opcode <= ASTORE_3) {
            return (opcode - ISTORE_0) & 3; // four of each type
        }
        boolean named = opcode >= ISTORE && opcode <= ASTORE
                || opcode == WIDE && opcode(at + 1) >= ISTORE && opcode(at + 1) <= ASTORE;
        return named ? local(at) : NONE;
    }

    private int local(int at) {
        return opcode(at) == WIDE ? u2(at + 2) : opcode(at + 1);
    }

    boolean storesReference(int at) {
        int opcode = opcode(at);
        return opcode == ASTORE || opcode >= ASTORE_0 && opcode <= ASTORE_3;
    }

    /** The constant that an instruction is about: the field of a read, the class of a test. */
    int constant(int at) {
        return u2(at + 1);
    }

    ConstantPool constants() {
        return constants;
    }

    /** The class that an {@code instanceof} tests for, or that is loaded, as to compare with it; null if neither is. */
    String testedClass(int at) {
        int constant = switch (opcode(at)) {
            case INSTANCEOF, LDC_W -> constant(at);
            case LDC -> Byte.toUnsignedInt(code.get(at + 1));
            default -> 0; // which no constant has
        };
        return constants.isClass(constant) ? constants.className(constant) : null;
    }

    /** What is called, as by {@link ConstantPool#method}; null when there is no call there. */
    String call(int at) {
        boolean isCall = at >= 0 && at < length() && instructions.get(at) && isInvocation(opcode(at));
        return isCall ? constants.method(constant(at)) : null;
    }

    /** The code of the method that is called, unless that is overridden; null if it is not of this class. */
    MethodCode called(int call) {
        return opcode(call) == INVOKEDYNAMIC ? null : siblings.apply(constant(call));
    }

    /** The type of what a call returns, as in {@code Z}. */
    String result(int call) {
        String descriptor = constants.memberDescriptor(constant(call));
        return descriptor.substring(descriptor.indexOf(')') + 1);
    }

    /**
     * Whether a call is linked to the method that runs only when it is executed: by an interface, which a lambda or a
     * method reference may implement, or dynamically.
     */
    boolean linksLate(int call) {
        int opcode = opcode(call);
        return opcode == INVOKEINTERFACE || opcode == INVOKEDYNAMIC;
    }

    /** The line of the source, or {@link LineTable#NO_LINE}. */
    int line(int at) {
        return lines.line(at);
    }

    private int u2(int at) {
        return Short.toUnsignedInt(code.getShort(at));
    }
}
