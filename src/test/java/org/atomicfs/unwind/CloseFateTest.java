package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.objectweb.asm.Opcodes.*;

import java.util.function.Consumer;
import org.atomicfs.unwind.Verdict.Fate;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** Besides the samples of {@link JudgeTest}, which a compiler made. */
class CloseFateTest {
    /** {@code try { close(); } catch (type) handler}. */
    private static Fate fate(String type, Consumer<MethodVisitor> handler) {
        MethodCode code = Assembler.method(m -> {
            Label start = new Label();
            Label end = new Label();
            Label begin = new Label();
            m.visitTryCatchBlock(start, end, begin, type);
            m.visitLabel(start);
            Assembler.call(m, "close");
            m.visitLabel(end);
            m.visitInsn(RETURN);
            m.visitLabel(begin);
            handler.accept(m);
        });
        return new CloseFate(new Reach(code)).of(Assembler.indexOf(code, "close"));
    }

    private static void rethrow(MethodVisitor m) {
        m.visitVarInsn(ASTORE, 2);
        m.visitVarInsn(ALOAD, 2);
        m.visitInsn(ATHROW);
    }

    @Test
    void a_handler_of_another_exception_does_not_get_it() {
        assertEquals(Fate.PASSES_ON, fate("java/lang/Error", m -> m.visitInsn(RETURN)));
    }

    @Test
    void every_kind_of_handler_that_may_get_it_counts() {
        for (String type : new String[] {
            null,
            "java/lang/Throwable",
            "java/lang/Exception",
            "java/io/IOException",
            "java/nio/file/FileSystemException"
        }) {
            assertEquals(Fate.LOST, fate(type, m -> m.visitInsn(RETURN)), () -> "caught as " + type);
            assertEquals(Fate.PASSES_ON, fate(type, CloseFateTest::rethrow), () -> "caught as " + type);
        }
    }

    @Test
    void an_exception_that_is_thrown_in_its_place_hides_it() {
        assertEquals(Fate.LOST, fate("java/io/IOException", m -> {
            m.visitInsn(POP);
            m.visitVarInsn(ALOAD, 1);
            m.visitInsn(ATHROW);
        }));
    }

    @Test
    void the_attached_one_is_the_last_argument() {
        Consumer<MethodVisitor> attach = m -> m.visitMethodInsn(
                INVOKEVIRTUAL, "java/lang/Throwable", "addSuppressed", "(Ljava/lang/Throwable;)V", false);
        assertEquals(Fate.ATTACHED, fate("java/lang/Throwable", m -> {
            m.visitVarInsn(ASTORE, 2);
            m.visitVarInsn(ALOAD, 1);
            m.visitVarInsn(ALOAD, 2);
            attach.accept(m);
            m.visitVarInsn(ALOAD, 1);
            m.visitInsn(ATHROW);
        }));
        assertEquals(Fate.PASSES_ON, fate("java/lang/Throwable", m -> {
            m.visitVarInsn(ASTORE, 2);
            m.visitVarInsn(ALOAD, 2);
            m.visitVarInsn(ALOAD, 1);
            attach.accept(m);
            m.visitVarInsn(ALOAD, 2);
            m.visitInsn(ATHROW);
        }));
    }
}
