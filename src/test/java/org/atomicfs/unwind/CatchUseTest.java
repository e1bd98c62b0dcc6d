package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.objectweb.asm.Opcodes.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

class CatchUseTest {
    /** {@code try { work(); } catch (type 2) { 1.method(); 1.close(); throw 2; }}; a type of null is a finally. */
    private static boolean isUsed(String type, String method) {
        MethodCode code = Assembler.method(m -> {
            Label start = new Label();
            Label end = new Label();
            Label handler = new Label();
            m.visitTryCatchBlock(start, end, handler, type);
            m.visitLabel(start);
            Assembler.call(m, "work");
            m.visitLabel(end);
            m.visitInsn(RETURN);
            m.visitLabel(handler);
            m.visitVarInsn(ASTORE, 2);
            callOn(m, 1, method);
            callOn(m, 1, "close");
            m.visitVarInsn(ALOAD, 2);
            m.visitInsn(ATHROW);
        });
        return new CatchUse(new Reach(code), Flow.from(code, 0), Assembler.indexOf(code, "close")).isFound();
    }

    private static void callOn(MethodVisitor m, int local, String method) {
        m.visitVarInsn(ALOAD, local);
        m.visitMethodInsn(INVOKEVIRTUAL, "Out", method, "()V", false);
    }

    @ParameterizedTest
    @CsvSource({"write, true", "println, true", "flush, false", "isOpen, false", "rethrow, false", "closeQuietly, false"
    })
    void a_catch_clause_that_does_more_than_close_uses_the_stream(String method, boolean used) {
        assertEquals(used, isUsed("java/io/IOException", method));
    }

    @Test
    void a_finally_may_write() {
        assertEquals(false, isUsed(null, "write"));
    }
}
