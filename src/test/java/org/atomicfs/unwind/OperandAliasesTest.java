package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.objectweb.asm.Opcodes.*;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.MethodVisitor;

class OperandAliasesTest {
    private static final int OTHER = 2;

    /** {@code assignments; work(2); 1.close();}: whether the variable 2 is found to lead to what is closed. */
    private static boolean isFound(Consumer<MethodVisitor> assignments) {
        MethodCode code = Assembler.method(m -> {
            assignments.accept(m);
            m.visitVarInsn(ALOAD, OTHER);
            m.visitMethodInsn(INVOKESTATIC, "Sample", "work", "(Ljava/lang/Object;)V", false);
            m.visitVarInsn(ALOAD, 1);
            Assembler.call(m, "close");
            m.visitInsn(RETURN);
        });
        int close = Assembler.indexOf(code, "close");
        int read = code.instructions().previousSetBit(Assembler.indexOf(code, "work") - 1);
        return Operands.before(new Reach(code), close).isReadBy(read, MethodCode.NONE);
    }

    private static void make(MethodVisitor m, int from, String type, String parameter, int to) {
        m.visitTypeInsn(NEW, type);
        m.visitInsn(DUP);
        m.visitVarInsn(ALOAD, from);
        m.visitMethodInsn(INVOKESPECIAL, type, "<init>", "(L" + parameter + ";)V", false);
        m.visitVarInsn(ASTORE, to);
    }

    private static void copy(MethodVisitor m, int from, int to) {
        m.visitVarInsn(ALOAD, from);
        m.visitVarInsn(ASTORE, to);
    }

    @Test
    void a_copy_leads_to_it_whichever_of_the_two_is_closed() {
        assertEquals(true, isFound(m -> copy(m, 1, OTHER)));
        assertEquals(true, isFound(m -> copy(m, OTHER, 1)));
        assertEquals(true, isFound(m -> {
            copy(m, OTHER, 4);
            copy(m, 4, 1);
        }));
        assertEquals(false, isFound(m -> copy(m, 4, OTHER)));
    }

    @Test
    void a_variable_is_one_only_until_something_else_is_stored_there() {
        assertEquals(false, isFound(m -> {
            copy(m, 1, OTHER);
            m.visitInsn(ACONST_NULL);
            m.visitVarInsn(ASTORE, OTHER);
        }));
        assertEquals(false, isFound(m -> {
            copy(m, 1, OTHER);
            copy(m, 4, 1); // another stream is closed than was copied
        }));
    }

    @ParameterizedTest
    @CsvSource({
        "java/io/OutputStream, true",
        "java/io/Writer, true",
        "java/nio/channels/WritableByteChannel, true",
        "java/lang/Appendable, true",
        "java/io/DataOutput, true",
        "java/nio/file/Path, false"
    })
    void a_stream_leads_to_what_it_writes_to(String parameter, boolean found) {
        assertEquals(true, isFound(m -> make(m, 1, "Wrapper", parameter, OTHER)));
        assertEquals(found, isFound(m -> make(m, OTHER, "Wrapper", parameter, 1)));
    }

    @ParameterizedTest
    @CsvSource({"java/io/Writer, true", "java/lang/String, false", "java/util/List, false", "java/nio/file/Path, false"
    })
    void what_a_factory_makes_of_it_leads_to_it_if_it_can_be_a_stream(String result, boolean found) {
        assertEquals(found, isFound(m -> {
            m.visitVarInsn(ALOAD, 1);
            m.visitMethodInsn(INVOKESTATIC, "Sample", "make", "(Ljava/lang/Object;)L" + result + ";", false);
            m.visitVarInsn(ASTORE, OTHER);
        }));
    }

    @Test
    void what_its_own_methods_return_does_not_lead_to_it() {
        String returning = "()Ljava/io/Writer;";
        assertEquals(false, isFound(m -> {
            m.visitVarInsn(ALOAD, 1);
            m.visitMethodInsn(INVOKEVIRTUAL, "Sample", "get", returning, false);
            m.visitVarInsn(ASTORE, OTHER);
        }));
        assertEquals(true, isFound(m -> {
            m.visitVarInsn(ALOAD, 4);
            m.visitVarInsn(ALOAD, 1);
            m.visitMethodInsn(INVOKEVIRTUAL, "Factory", "make", "(Ljava/lang/Object;)Ljava/io/Writer;", false);
            m.visitVarInsn(ASTORE, OTHER);
        }));
    }

    @Test
    void the_way_may_lead_through_a_field() {
        assertEquals(true, isFound(m -> {
            m.visitVarInsn(ALOAD, 1);
            m.visitFieldInsn(PUTSTATIC, "Sample", "out", "Ljava/io/Writer;");
            m.visitFieldInsn(GETSTATIC, "Sample", "out", "Ljava/io/Writer;");
            m.visitVarInsn(ASTORE, OTHER);
        }));
        assertEquals(false, isFound(m -> {
            m.visitVarInsn(ALOAD, 1);
            m.visitFieldInsn(PUTSTATIC, "Sample", "out", "Ljava/io/Writer;");
            m.visitFieldInsn(GETSTATIC, "Sample", "other", "Ljava/io/Writer;");
            m.visitVarInsn(ASTORE, OTHER);
        }));
    }
}
