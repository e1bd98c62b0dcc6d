package org.atomicfs.unwind.corpus;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Moves the code of the shapes by a number of NOPs, as an agent does that adds no members. */
public final class NopAgent {
    private NopAgent() {}

    public static void premain(String count, Instrumentation instrumentation) {
        int nops = Integer.parseInt(count);
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte[] transform(
                    ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] file) {
                return name != null && name.startsWith("shapes/") ? shift(file, nops) : null;
            }
        });
    }

    static byte[] shift(byte[] file, int nops) {
        ClassReader reader = new ClassReader(file);
        ClassWriter writer = new ClassWriter(0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return new MethodVisitor(
                                Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                            @Override
                            public void visitCode() {
                                super.visitCode();
                                for (int i = 0; i < nops; i++) {
                                    super.visitInsn(Opcodes.NOP);
                                }
                            }
                        };
                    }
                },
                0);
        return writer.toByteArray();
    }
}
