package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.objectweb.asm.Opcodes.*;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Label;

class HoldingTest {
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
        assertEquals(List.of("before"), Assembler.calls(method, Holding.normally(method, 0, 1)));
        assertEquals(List.of("before", "after"), Assembler.calls(method, Holding.normally(method, 0, 2)));
        assertEquals(List.of("before", "caught"), Assembler.calls(method, Holding.anyhow(method, 0, 1)));
    }
}
