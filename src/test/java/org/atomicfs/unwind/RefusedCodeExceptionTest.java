package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.objectweb.asm.Opcodes.*;

import java.util.function.Consumer;
import org.atomicfs.unwind.IndexFacts.Extent;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

class RefusedCodeExceptionTest {
    @Test
    void it_says_how_long_the_method_is() {
        assertEquals("a method of 20001 bytes is not analysed", new RefusedCodeException(20_001).getMessage());
    }

    /** What is learnt from it is kept: it will be the same the next time. */
    @Test
    void a_place_in_such_a_method_counts_as_no_call_and_may_swallow() {
        CallSite refused = CallSite.refused();
        assertTrue(refused.maySwallow());
        assertTrue(!refused.isCall() && !refused.isClose() && !refused.isOwning());
    }

    private static IndexFacts facts(Consumer<MethodVisitor> code) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(V17, ACC_PUBLIC, "Sample", null, "java/lang/Object", null);
        MethodVisitor method = writer.visitMethod(ACC_STATIC, "m", "()V", null, null);
        method.visitCode();
        code.accept(method);
        method.visitMaxs(1, 1);
        method.visitEnd();
        writer.visitEnd();
        IndexFacts facts = IndexFacts.of(new ClassFile(writer.toByteArray()), 0);
        assertNotNull(facts);
        return facts;
    }

    @Test
    void an_index_in_such_a_method_is_not_known_to_be_outside_of_handlers() {
        assertEquals(
                Extent.SOME,
                facts(m -> {
                            m.visitMethodInsn(INVOKESTATIC, "Sample", "close", "()V", false);
                            for (int i = 0; i < ClassFile.MAX_CODE; i++) {
                                m.visitInsn(NOP);
                            }
                            m.visitInsn(RETURN);
                        })
                        .inHandler());
    }
}
