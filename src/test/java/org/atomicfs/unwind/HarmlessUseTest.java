package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.objectweb.asm.Opcodes.*;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

class HarmlessUseTest {
    private static void check(boolean harmless, boolean copied, Consumer<MethodVisitor> use) {
        MethodCode code = Assembler.method(m -> {
            m.visitVarInsn(ALOAD, 1);
            use.accept(m);
            m.visitInsn(RETURN);
        });
        assertEquals(harmless, CatchUse.isHarmless(code, 0));
        assertEquals(copied, CatchUse.isCopied(code, 0));
    }

    private static void call(MethodVisitor m, String name) {
        m.visitMethodInsn(INVOKEVIRTUAL, "java/io/Writer", name, "()V", false);
    }

    @Test
    void what_does_not_write_is_harmless() {
        check(true, false, m -> call(m, "close"));
        check(true, false, m -> call(m, "flush"));
        check(true, false, m -> m.visitInsn(MONITORENTER));
        check(true, false, m -> m.visitInsn(MONITOREXIT));
        check(true, false, m -> {
            m.visitInsn(DUP);
            m.visitVarInsn(ASTORE, 3);
            m.visitInsn(MONITORENTER);
        });
        check(true, false, m -> {
            Label end = new Label();
            m.visitJumpInsn(IFNULL, end);
            m.visitLabel(end);
        });
        check(false, false, m -> call(m, "write"));
    }

    @Test
    void a_copy_is_known_as_such() {
        check(false, true, m -> m.visitVarInsn(ASTORE, 3));
        check(false, true, m -> {
            m.visitTypeInsn(CHECKCAST, "java/io/Writer");
            m.visitVarInsn(ASTORE, 3);
        });
    }
}
