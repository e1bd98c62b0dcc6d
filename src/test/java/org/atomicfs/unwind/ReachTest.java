package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.*;

import java.util.List;
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

    @Test
    void a_variable_holds_something_until_something_else_is_stored() {
        MethodCode method = Assembler.method(m -> {
            Label start = new Label();
            Label end = new Label();
            m.visitTryCatchBlock(start, end, end, null);
            m.visitLabel(start);
            Assembler.call(m, "before");
            m.visitInsn(ACONST_NULL);
            m.visitVarInsn(ASTORE, 1);
            Assembler.call(m, "after");
            m.visitInsn(RETURN);
            m.visitLabel(end);
            Assembler.call(m, "caught");
            m.visitInsn(RETURN);
        });
        assertEquals(List.of("before"), Assembler.calls(method, new Reach(method).holding(0, 1)));
        assertEquals(List.of("before", "after"), Assembler.calls(method, new Reach(method).holding(0, 2)));
        assertEquals(List.of("before", "caught"), Assembler.calls(method, new Reach(method).holdingAnyhow(0, 1)));
    }
}
