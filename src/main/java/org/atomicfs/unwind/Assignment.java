package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.util.BitSet;

/** A statement that keeps, in a variable or a field, the same stream as another one or a stream made from it. */
final class Assignment {
    private final MethodCode method;
    private final int store;
    private final int value; // the instruction that makes what is stored
    private final BitSet loads = new BitSet(); // in the statement, of references
    private final int first; // instruction of the statement, or of what is a part of it for certain

    /** @param store the instruction that ends the statement */
    Assignment(MethodCode method, int store) {
        this.method = method;
        this.store = store;
        BitSet instructions = method.instructions();
        int begin = store;
        int made = MethodCode.NONE;
        for (int at = store; (at = instructions.previousSetBit(at - 1)) >= 0 && !isOfOther(at); begin = at) {
            if (made == MethodCode.NONE && method.opcode(at) != CHECKCAST && method.opcode(at) != DUP) {
                made = at;
            }
            boolean object = method.opcode(method.next(at)) == GETFIELD; // whose field is read
            if (isFieldRead(method.opcode(at)) || method.loaded(at) != MethodCode.NONE && !object) {
                loads.set(at);
            }
        }
        if (method.opcode(store) == PUTFIELD) {
            loads.clear(begin); // the object whose field it is
        }
        value = made;
        first = begin;
    }

    private boolean isOfOther(int at) {
        return method.stored(at) != MethodCode.NONE
                || endsStatement(method.opcode(at))
                || method.call(at) != null && method.result(at).equals("V") && !isConstructor(at);
    }

    private boolean isConstructor(int at) {
        return at != MethodCode.NONE
                && method.opcode(at) == INVOKESPECIAL
                && method.call(at).startsWith("<init>(");
    }

    int store() {
        return store;
    }

    /** Whether what an instruction loads leads to the same file as what is stored: it is that, or that writes to it. */
    boolean isWrittenTo(int load) {
        return isLoad() || load == loads.nextSetBit(0) && isWrapper();
    }

    private boolean isLoad() {
        return value != MethodCode.NONE && loads.get(value);
    }

    /** Whether it makes a stream that writes to the first argument. */
    private boolean isWrapper() {
        if (!isConstructor(value)) {
            return false;
        }
        String called = method.call(value);
        int end = called.indexOf(';');
        String type = end < 0 ? "" : called.substring(0, end); // of the first parameter
        return type.startsWith("<init>(L")
                && (type.endsWith("Stream")
                        || type.endsWith("Writer")
                        || type.endsWith("Channel")
                        || type.endsWith("Appendable")
                        || type.endsWith("DataOutput"));
    }

    /** The instructions that load what is kept, or from which it is made. */
    BitSet sources() {
        BitSet sources = new BitSet();
        if (isLoad()) {
            sources.set(value);
        } else if (value != MethodCode.NONE && method.call(value) != null && makesStream()) {
            sources.or(loads);
            if (method.opcode(value) == INVOKEVIRTUAL || method.opcode(value) == INVOKEINTERFACE) {
                sources.clear(first); // the object that is called
            }
        }
        return sources;
    }

    private boolean makesStream() {
        String result = method.result(value);
        return isConstructor(value)
                || result.startsWith("L")
                        && !result.startsWith("Ljava/lang/")
                        && !result.startsWith("Ljava/util/")
                        && !result.startsWith("Ljava/nio/file/");
    }
}
