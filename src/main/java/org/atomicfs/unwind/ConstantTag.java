package org.atomicfs.unwind;

/** The kinds of constants in a class file (JVMS 4.4, table 4.4-A), and how many bytes each takes. */
final class ConstantTag {
    static final int UTF8 = 1;
    static final int INTEGER = 3;
    static final int FLOAT = 4;
    static final int LONG = 5;
    static final int DOUBLE = 6;
    static final int CLASS = 7;
    static final int STRING = 8;
    static final int FIELD = 9;
    static final int METHOD = 10;
    static final int INTERFACE_METHOD = 11;
    static final int NAME_AND_TYPE = 12;
    static final int METHOD_HANDLE = 15;
    static final int METHOD_TYPE = 16;
    static final int DYNAMIC = 17;
    static final int INVOKE_DYNAMIC = 18;
    static final int MODULE = 19;
    static final int PACKAGE = 20;

    private ConstantTag() {}

    /** Bytes of a constant, its tag included; of {@link #UTF8} those before the text. */
    static int size(int tag) {
        return switch (tag) {
            case UTF8, CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> 3;
            case METHOD_HANDLE -> 4;
            case INTEGER, FLOAT, FIELD, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, DYNAMIC, INVOKE_DYNAMIC -> 5;
            case LONG, DOUBLE -> 9;
            default -> throw new IllegalArgumentException("unknown kind of constant: " + tag);
        };
    }

    /** How many entries of the table a constant takes. */
    static int entries(int tag) {
        return tag == LONG || tag == DOUBLE ? 2 : 1;
    }
}
