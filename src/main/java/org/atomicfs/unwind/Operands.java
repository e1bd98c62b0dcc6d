package org.atomicfs.unwind;

import static org.atomicfs.unwind.Opcode.*;

import java.util.BitSet;

/** The variables and fields of which one is what a call closes: those that are read straight before the call. */
final class Operands {
    private final BitSet locals = new BitSet(); // by number of the variable
    private final BitSet fields = new BitSet(); // by number of the constant that names the field

    private Operands() {}

    static Operands before(MethodCode method, int call) {
        Operands operands = new Operands();
        BitSet instructions = method.instructions();
        for (int at = call; (at = instructions.previousSetBit(at - 1)) >= 0; ) {
            int opcode = method.opcode(at);
            int local = method.loaded(at);
            if (local > 0 || local == 0 && operands.fields.isEmpty()) { // else it is the object of a field
                operands.locals.set(local);
            } else if (isFieldRead(opcode)) {
                operands.fields.set(method.constant(at));
            } else if (local != 0
                    && opcode != CHECKCAST
                    && opcode != ACONST_NULL
                    && opcode != ICONST_0
                    && opcode != ICONST_1) {
                break;
            }
        }
        return operands;
    }

    /**
     * Whether an instruction reads one of them.
     *
     * @param except a variable whose reads do not count, or {@link MethodCode#NONE}
     */
    boolean isReadBy(MethodCode method, int at, int except) {
        int local = method.loaded(at);
        return local != MethodCode.NONE && local != except && locals.get(local) || isFieldReadBy(method, at);
    }

    /** Whether an instruction of a method of the class reads one of the fields. */
    boolean isFieldReadBy(MethodCode method, int at) {
        return isFieldRead(method.opcode(at)) && fields.get(method.constant(at));
    }

    boolean hasLocal(int local) {
        return locals.get(local);
    }

    /** @param field the number of the constant that names it */
    boolean hasField(int field) {
        return fields.get(field);
    }

    void addField(int field) {
        fields.set(field);
    }

    int fieldCount() {
        return fields.cardinality();
    }
}
