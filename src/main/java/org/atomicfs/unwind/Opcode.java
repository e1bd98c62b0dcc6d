package org.atomicfs.unwind;

/** The instructions of the JVM that are looked at, and how long each is (JVMS 6.5). */
final class Opcode {
    static final int ACONST_NULL = 0x01;
    static final int ICONST_0 = 0x03;
    static final int ICONST_1 = 0x04;
    static final int BIPUSH = 0x10;
    static final int SIPUSH = 0x11;
    static final int LDC = 0x12;
    static final int LDC_W = 0x13;
    static final int LDC2_W = 0x14;
    static final int ILOAD = 0x15;
    static final int ALOAD = 0x19;
    static final int ALOAD_0 = 0x2a;
    static final int ALOAD_3 = 0x2d;
    static final int ISTORE = 0x36;
    static final int ASTORE = 0x3a;
    static final int ISTORE_0 = 0x3b;
    static final int ASTORE_0 = 0x4b;
    static final int ASTORE_3 = 0x4e;
    static final int IASTORE = 0x4f;
    static final int POP = 0x57;
    static final int POP2 = 0x58;
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
    static final int ARETURN = 0xb0;
    static final int RETURN = 0xb1;
    static final int GETSTATIC = 0xb2;
    static final int PUTSTATIC = 0xb3;
    static final int GETFIELD = 0xb4;
    static final int PUTFIELD = 0xb5;
    static final int INVOKEVIRTUAL = 0xb6;
    static final int INVOKESPECIAL = 0xb7;
    static final int INVOKESTATIC = 0xb8;
    static final int INVOKEINTERFACE = 0xb9;
    static final int INVOKEDYNAMIC = 0xba;
    static final int NEW = 0xbb;
    static final int NEWARRAY = 0xbc;
    static final int ANEWARRAY = 0xbd;
    static final int ATHROW = 0xbf;
    static final int CHECKCAST = 0xc0;
    static final int INSTANCEOF = 0xc1;
    static final int MONITORENTER = 0xc2;
    static final int MONITOREXIT = 0xc3;
    static final int WIDE = 0xc4;
    static final int MULTIANEWARRAY = 0xc5;
    static final int IFNULL = 0xc6;
    static final int IFNONNULL = 0xc7;
    static final int GOTO_W = 0xc8;
    static final int JSR_W = 0xc9;

    /** Length of the three instructions whose length differs from place to place. */
    static final int VARIES = 0;

    private Opcode() {}

    /** How many bytes the instruction has; {@link #VARIES} when its operands say it. */
    static int length(int opcode) {
        if (opcode < 0 || opcode > JSR_W) {
            throw new IllegalArgumentException("no such instruction: " + opcode);
        }
        if (isIn(opcode, ILOAD, ALOAD) || isIn(opcode, ISTORE, ASTORE)) {
            return 2;
        }
        if (isIn(opcode, IFEQ, JSR) || isIn(opcode, GETSTATIC, INVOKESTATIC)) {
            return 3;
        }
        return switch (opcode) {
            case BIPUSH, LDC, RET, NEWARRAY -> 2;
            case SIPUSH, LDC_W, LDC2_W, IINC, NEW, ANEWARRAY, CHECKCAST, INSTANCEOF, IFNULL, IFNONNULL -> 3;
            case MULTIANEWARRAY -> 4;
            case INVOKEINTERFACE, INVOKEDYNAMIC, GOTO_W, JSR_W -> 5;
            case TABLESWITCH, LOOKUPSWITCH, WIDE -> VARIES;
            default -> 1;
        };
    }

    private static boolean isIn(int opcode, int first, int last) {
        return opcode >= first && opcode <= last;
    }

    static boolean isConditional(int opcode) {
        return isIn(opcode, IFEQ, IF_ACMPNE) || isNullTest(opcode);
    }

    static boolean isNullTest(int opcode) {
        return opcode == IFNULL || opcode == IFNONNULL;
    }

    static boolean isReturn(int opcode) {
        return isIn(opcode, IRETURN, RETURN);
    }

    static boolean isInvocation(int opcode) {
        return isIn(opcode, INVOKEVIRTUAL, INVOKEDYNAMIC);
    }

    static boolean isFieldRead(int opcode) {
        return opcode == GETSTATIC || opcode == GETFIELD;
    }

    static boolean isFieldWrite(int opcode) {
        return opcode == PUTSTATIC || opcode == PUTFIELD;
    }

    /** Whether nothing that it has made is on the operand stack afterwards; besides stores to variables and calls. */
    static boolean endsStatement(int opcode) {
        return isIn(opcode, IASTORE, POP2) // elements of arrays of any type
                || opcode == IINC
                || isIn(opcode, IFEQ, RETURN) // jumps of all kinds
                || isNullTest(opcode)
                || isFieldWrite(opcode)
                || opcode == ATHROW
                || opcode == MONITORENTER
                || opcode == MONITOREXIT;
    }
}
