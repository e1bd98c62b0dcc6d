package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.*;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.Label;

class ReachTest {
    private static final MethodCode METHOD = Assembler.method(m -> {
        Label throwing = new Label();
        m.visitVarInsn(ILOAD, 0);
        m.visitJumpInsn(IFEQ, throwing);
        m.visitInsn(RETURN);
        m.visitLabel(throwing);
        m.visitVarInsn(ALOAD, 1);
        m.visitInsn(ATHROW);
    });

    @Test
    void ends_of_the_method_are_found() {
        Reach reach = new Reach(METHOD);
        assertTrue(reach.hasReturn(reach.from(0)));
        assertFalse(reach.hasReturn(reach.from(5)));
        assertEquals("{6}", reach.throwing(reach.from(0)).toString());
        assertTrue(reach.throwing(reach.from(4)).isEmpty());
    }

    @Test
    void a_flow_is_followed_once() {
        Reach reach = new Reach(METHOD);
        assertSame(reach.from(1), reach.from(1));
    }
}
