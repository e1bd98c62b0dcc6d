package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.objectweb.asm.Opcodes.*;

import java.util.function.Consumer;
import org.atomicfs.unwind.IndexFacts.Extent;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

class IndexFactsTest {
    /** {@code close()} at 4, reached by exceptions only. */
    private static final Consumer<MethodVisitor> IN_HANDLER = m -> {
        Label start = new Label();
        Label end = new Label();
        Label handler = new Label();
        m.visitTryCatchBlock(start, end, handler, null);
        m.visitLabel(start);
        m.visitInsn(NOP);
        m.visitInsn(NOP);
        m.visitLabel(end);
        m.visitInsn(RETURN);
        m.visitLabel(handler);
        m.visitVarInsn(ASTORE, 2);
        Assembler.call(m, "close");
        m.visitVarInsn(ALOAD, 2);
        m.visitInsn(ATHROW);
    };

    /** {@code open()} at 4; what it opens is closed. */
    private static final Consumer<MethodVisitor> OWNING = m -> {
        m.visitInsn(NOP);
        m.visitInsn(NOP);
        m.visitInsn(NOP);
        m.visitInsn(NOP);
        m.visitMethodInsn(INVOKESTATIC, "Sample", "open", "()Ljava/lang/Object;", false);
        m.visitVarInsn(ASTORE, 2);
        Assembler.call(m, "close");
        m.visitInsn(RETURN);
    };

    @SafeVarargs
    private static IndexFacts at4(Consumer<MethodVisitor>... bodies) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(V1_6, ACC_PUBLIC, "Sample", null, "java/lang/Object", null);
        for (int i = 0; i < bodies.length; i++) {
            MethodVisitor method = writer.visitMethod(ACC_STATIC, "m" + i, "()V", null, null);
            method.visitCode();
            bodies[i].accept(method);
            method.visitMaxs(8, 8);
            method.visitEnd();
        }
        return IndexFacts.of(new ClassFile(writer.toByteArray()), 4);
    }

    @Test
    void one_method_is_known_by_the_index() {
        assertEquals(new IndexFacts(Extent.ALL, Extent.NONE, 0), at4(IN_HANDLER));
        assertEquals(new IndexFacts(Extent.NONE, Extent.ALL, 1), at4(m -> m.visitInsn(RETURN), OWNING));
    }

    @Test
    void of_several_methods_it_may_hold_for_some() {
        assertEquals(new IndexFacts(Extent.SOME, Extent.SOME, IndexFacts.SEVERAL), at4(IN_HANDLER, OWNING));
        assertEquals(new IndexFacts(Extent.NONE, Extent.ALL, IndexFacts.SEVERAL), at4(OWNING, OWNING));
    }

    @Test
    void nothing_holds_where_there_is_no_call() {
        assertEquals(new IndexFacts(Extent.NONE, Extent.NONE, IndexFacts.SEVERAL), at4(m -> m.visitInsn(RETURN)));
    }

    @Test
    void a_method_that_is_too_long_has_to_be_looked_at_by_name() {
        IndexFacts facts = at4(m -> {
            m.visitInsn(NOP);
            for (int i = 0; i <= ClassFile.MAX_CODE / 3; i++) {
                Assembler.call(m, "close");
            }
            m.visitInsn(RETURN);
        });
        assertEquals(Extent.SOME, facts.inHandler());
        assertNotEquals(Extent.ALL, facts.owning());
    }
}
