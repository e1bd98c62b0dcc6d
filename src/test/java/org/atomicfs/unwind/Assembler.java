package org.atomicfs.unwind;

import static org.objectweb.asm.Opcodes.*;

import java.util.List;
import java.util.function.Consumer;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/** Makes small methods by hand, for code that no compiler at hand emits. */
final class Assembler {
    static final String DESCRIPTOR = "(ILjava/lang/Object;)V";

    private Assembler() {}

    /** A static method with an {@code int} and an object as parameters. */
    static MethodCode method(Consumer<MethodVisitor> body) {
        return method(V17, body);
    }

    static MethodCode method(int version, Consumer<MethodVisitor> body) {
        return new ClassFile(file(version, body)).method("m", DESCRIPTOR);
    }

    /** The file of a class {@code Sample} that has that method {@code m}. */
    static byte[] file(int version, Consumer<MethodVisitor> body) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(version, ACC_PUBLIC, "Sample", null, "java/lang/Object", null);
        MethodVisitor method = writer.visitMethod(ACC_STATIC, "m", DESCRIPTOR, null, null);
        method.visitCode();
        body.accept(method);
        method.visitMaxs(8, 600);
        method.visitEnd();
        return writer.toByteArray();
    }

    /** Calls a static method without parameters. */
    static void call(MethodVisitor method, String name) {
        method.visitMethodInsn(INVOKESTATIC, "Sample", name, "()V", false);
    }

    /** The names of the methods that are called at some instructions. */
    static List<String> calls(MethodCode method, java.util.BitSet instructions) {
        return instructions.stream()
                .mapToObj(method::call)
                .filter(call -> call != null)
                .map(call -> call.substring(0, call.indexOf('(')))
                .toList();
    }

    /** The index of the first call of a method. */
    static int indexOf(MethodCode method, String name) {
        return method.instructions().stream()
                .filter(at -> method.call(at) != null && method.call(at).startsWith(name + "("))
                .findFirst()
                .orElseThrow();
    }
}
