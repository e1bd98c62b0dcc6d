package org.atomicfs.unwind;

import java.util.Arrays;

/** The instructions of the JVM that are looked at, and how long each is (JVMS 6.5). */
final class Opcode {
    static final int ACONST_NULL = 0x01;
    static final int ICONST_0 = 0x03;
    static final int ICONST_1 = 0x04;
    static final int ALOAD = 0x19;
    static final int ALOAD_0 = 0x2a;
    static final int ALOAD_3 = 0x2d;
    static final int ISTORE = 0x36;
    static final int ASTORE = 0x3a;
    static final int ISTORE_0 = 0x3b;
    static final int ASTORE_0 = 0x4b;
    static final int ASTORE_3 = 0x4e;
    static final int POP = 0x57;
    static final int DUP = 0x59;
    static final int IINC = 0x84;
    static final int IFEQ = 0x99;
    static final int IF_ACMPEQ = 0xa5;
    static final int IF_ACMPNE = 0xa6;
    static final int GOTO = 0xa7;
    static final int JSR = 0xa8;
    static final int RET = 0xa9;
    static final int TABLESWITCH = 0xaa;
    static final int LOOKUPSWITCH = 0xab;
    static final int IRETURN = 0xac;
    static final int RETURN = 0xb1;
    static final int GETSTATIC = 0xb2;
    static final int GETFIELD = 0xb4;
    static final int INVOKEVIRTUAL = 0xb6;
    static final int INVOKEDYNAMIC = 0xba;
    static final int ATHROW = 0xbf;
    static final int CHECKCAST = 0xc0;
    static final int INSTANCEOF = 0xc1;
    static final int MONITORENTER = 0xc2;
    static final int WIDE = 0xc4;
    static final int IFNULL = 0xc6;
    static final int IFNONNULL = 0xc7;
    static final int GOTO_W = 0xc8;
    static final int JSR_W = 0xc9;

    /** Of the three whose length differs from place to place. */
    static final int VARIES = 0;

    private static final int UNDEFINED = -1;
    private static final int[] LENGTH = new int[256];

    static {
        Arrays.fill(LENGTH, UNDEFINED);
        each(1, 0x00, JSR_W); // most have no operand; the others are:
        each(2, 0x10, 0x10); // bipush
        each(3, 0x11, 0x11); // sipush
        each(2, 0x12, 0x12); // ldc
        each(3, 0x13, 0x14); // ldc_w, ldc2_w
        each(2, 0x15, ALOAD);
        each(2, ISTORE, ASTORE);
        each(3, IINC, IINC);
        each(3, IFEQ, JSR);
        each(2, RET, RET);
        each(VARIES, TABLESWITCH, LOOKUPSWITCH);
        each(3, GETSTATIC, 0xb8); // fields and invocations
        each(5, 0xb9, INVOKEDYNAMIC); // and invokeinterface
        each(3, 0xbb, 0xbb); // new
        each(2, 0xbc, 0xbc); // newarray
        each(3, 0xbd, 0xbd); // anewarray
        each(3, CHECKCAST, INSTANCEOF);
        each(VARIES, WIDE, WIDE);
        each(4, 0xc5, 0xc5); // multianewarray
        each(3, IFNULL, IFNONNULL);
        each(5, GOTO_W, JSR_W);
    }

    private Opcode() {}

    private static void each(int length, int first, int last) {
        Arrays.fill(LENGTH, first, last + 1, length);
    }

    /** How many bytes the instruction has; {@link #VARIES} when that is to be read from its operands. */
    static int length(int opcode) {
        int length = LENGTH[opcode];
        if (length == UNDEFINED) {
            throw new IllegalArgumentException("no such instruction: " + opcode);
        }
        return length;
    }

    static boolean isConditional(int opcode) {
        return opcode >= IFEQ && opcode <= IF_ACMPNE || isNullTest(opcode);
    }

    static boolean isNullTest(int opcode) {
        return opcode == IFNULL || opcode == IFNONNULL;
    }

    static boolean isReturn(int opcode) {
        return opcode >= IRETURN && opcode <= RETURN;
    }

    static boolean isInvocation(int opcode) {
        return opcode >= INVOKEVIRTUAL && opcode <= INVOKEDYNAMIC;
    }

    static boolean isFieldRead(int opcode) {
        return opcode == GETSTATIC || opcode == GETFIELD;
    }
}
