package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.*;

import org.junit.jupiter.api.Test;

class OperandsTest {
    @Test
    void what_is_read_straight_before_the_call_counts() {
        MethodCode method = Assembler.method(m -> {
            m.visitVarInsn(ALOAD, 4); // 0
            m.visitInsn(POP); // 2
            m.visitVarInsn(ALOAD, 2); // 3
            m.visitTypeInsn(CHECKCAST, "java/io/Closeable"); // 4
            m.visitInsn(ICONST_1); // 7
            Assembler.call(m, "close"); // 8
            m.visitInsn(RETURN);
        });
        Operands operands = Operands.before(new Reach(method), 8);
        assertTrue(operands.isReadBy(3, MethodCode.NONE));
        assertFalse(operands.isReadBy(3, 2), "the exception of the handler");
        assertFalse(operands.isReadBy(0, MethodCode.NONE), "another variable");
        assertFalse(operands.isReadBy(7, MethodCode.NONE), "no variable");
    }

    @Test
    void a_field_counts_and_its_object_does_not() {
        MethodCode method = Assembler.method(m -> {
            m.visitVarInsn(ALOAD, 0); // 0
            m.visitFieldInsn(GETFIELD, "Sample", "out", "Ljava/io/OutputStream;"); // 1
            Assembler.call(m, "close"); // 4
            m.visitFieldInsn(GETSTATIC, "Sample", "other", "Ljava/io/OutputStream;"); // 7
            m.visitInsn(RETURN);
        });
        Operands operands = Operands.before(new Reach(method), 4);
        assertTrue(operands.isReadBy(1, MethodCode.NONE));
        assertFalse(operands.isReadBy(0, MethodCode.NONE), "this");
        assertFalse(operands.isReadBy(7, MethodCode.NONE), "another field");
    }
}
