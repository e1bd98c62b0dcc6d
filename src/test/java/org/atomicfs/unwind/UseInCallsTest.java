package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.objectweb.asm.Opcodes.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

class UseInCallsTest {
    /** {@code m: say(); out.close()} and {@code say0: owner.say1()} up to the last one, {@code say: field.method()}. */
    private static boolean isUsed(int depth, String owner, String say, String field, String method) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(V17, ACC_PUBLIC, "Sample", null, "java/lang/Object", null);
        add(writer, "m", m -> {
            m.visitMethodInsn(INVOKESTATIC, owner, depth == 0 ? say : "say1", "()V", false);
            callOn(m, "out", "close");
        });
        for (int i = 1; i <= depth; i++) {
            String next = i == depth ? say : "say" + (i + 1);
            add(writer, "say" + i, m -> m.visitMethodInsn(INVOKESTATIC, "Sample", next, "()V", false));
        }
        add(writer, say, m -> callOn(m, field, method));
        MethodCode code = new ClassFile(writer.toByteArray()).method("m", "()V");
        Reach reach = new Reach(code);
        return new CatchUse(reach, reach.from(0), Assembler.indexOf(code, "close")).isInCall(code, 0);
    }

    private static void add(ClassWriter writer, String name, java.util.function.Consumer<MethodVisitor> body) {
        MethodVisitor method = writer.visitMethod(ACC_STATIC, name, "()V", null, null);
        method.visitCode();
        body.accept(method);
        method.visitInsn(RETURN);
        method.visitMaxs(2, 2);
        method.visitEnd();
    }

    private static void callOn(MethodVisitor m, String field, String method) {
        m.visitFieldInsn(GETSTATIC, "Sample", field, "Ljava/io/Writer;");
        m.visitMethodInsn(INVOKEVIRTUAL, "java/io/Writer", method, "()V", false);
    }

    @ParameterizedTest
    @CsvSource({
        "Sample, say, out, write, true",
        "Sample, say, out, flush, false",
        "Sample, say, out, close, false",
        "Sample, say, other, write, false",
        "Sample, closeIt, out, write, false",
        "Another, say, out, write, false"
    })
    void a_method_of_the_class_may_write_to_the_field(
            String owner, String say, String field, String method, boolean used) {
        assertEquals(used, isUsed(0, owner, say, field, method));
    }

    @Test
    void so_may_those_that_it_calls() {
        assertEquals(true, isUsed(4, "Sample", "say", "out", "write"));
        assertEquals(false, isUsed(5, "Sample", "say", "out", "write"), "too far away");
    }
}
