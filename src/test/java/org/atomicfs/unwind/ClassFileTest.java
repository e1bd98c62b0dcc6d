package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class ClassFileTest {
    /** A method as both parsers see it. */
    private record Seen(
            List<Integer> instructions, List<String> calls, List<String> handlers, Map<Integer, Integer> lines) {
        Seen() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new HashMap<>());
        }
    }

    /** ASM, asked for indexes too. */
    private static final class Asm extends ClassReader {
        final Map<String, Seen> methods = new HashMap<>();
        int fields;
        int methodCount;
        private final Map<Label, Integer> labels = new HashMap<>();
        private int at;
        private Seen seen;

        Asm(byte[] file) {
            super(file);
            accept(
                    new ClassVisitor(Opcodes.ASM9) {
                        @Override
                        public FieldVisitor visitField(
                                int access, String name, String descriptor, String signature, Object value) {
                            fields++;
                            return null;
                        }

                        @Override
                        public MethodVisitor visitMethod(
                                int access, String name, String descriptor, String signature, String[] exceptions) {
                            methodCount++;
                            return visitor(name + descriptor);
                        }
                    },
                    0);
        }

        private MethodVisitor visitor(String method) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitCode() {
                    seen = new Seen();
                    methods.put(method, seen);
                }

                @Override
                public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
                    seen.handlers()
                            .add("%d %d %d %s"
                                    .formatted(
                                            labels.get(start),
                                            labels.get(end),
                                            labels.get(handler),
                                            type == null ? "" : type));
                }

                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String name, String descriptor, boolean isInterface) {
                    call(name, descriptor);
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String name, String descriptor, Handle bootstrap, Object... arguments) {
                    call(name, descriptor);
                }

                private void call(String name, String descriptor) {
                    seen.calls().add(at + " " + ConstantPool.nameAndParameters(name, descriptor));
                }

                @Override
                public void visitLineNumber(int line, Label start) {
                    seen.lines().put(labels.get(start), line);
                }
            };
        }

        @Override
        protected void readBytecodeInstructionOffset(int offset) {
            at = offset;
            seen.instructions().add(offset);
        }

        @Override
        protected Label readLabel(int offset, Label[] known) {
            Label label = super.readLabel(offset, known);
            labels.put(label, offset);
            return label;
        }
    }

    private static Seen ours(MethodCode method, Seen asm) {
        Seen seen = new Seen();
        method.instructions().stream().forEach(seen.instructions()::add);
        for (int at : seen.instructions()) {
            String call = method.call(at);
            if (call != null) {
                seen.calls().add(at + " " + call);
            }
        }
        method.handlers()
                .forEach(handler -> seen.handlers()
                        .add("%d %d %d %s"
                                .formatted(handler.start(), handler.end(), handler.target(), handler.caught())));
        asm.lines().keySet().forEach(at -> seen.lines().put(at, method.line(at)));
        return seen;
    }

    @Test
    void reads_the_classes_of_the_jdk_as_asm_does() throws IOException {
        Path base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base");
        List<Path> files;
        try (Stream<Path> all = Files.walk(base)) {
            files = all.filter(file -> file.toString().endsWith(".class") && !file.endsWith("module-info.class"))
                    .toList();
        }
        int methods = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            Asm asm = new Asm(bytes);
            ClassFile ours = new ClassFile(bytes);
            assertEquals(asm.fields, ours.fieldCount(), file::toString);
            assertEquals(asm.methodCount, ours.methodCount(), file::toString);
            for (Map.Entry<String, Seen> method : asm.methods.entrySet()) {
                String name = method.getKey().substring(0, method.getKey().indexOf('('));
                String descriptor = method.getKey().substring(name.length());
                List<Integer> instructions = method.getValue().instructions();
                if (instructions.get(instructions.size() - 1) >= 20_000) {
                    assertThrows(IllegalArgumentException.class, () -> ours.method(name, descriptor));
                    continue;
                }
                Seen seen = ours(ours.method(name, descriptor), method.getValue());
                assertEquals(method.getValue(), seen, () -> file + " " + method.getKey());
                methods++;
            }
        }
        assertTrue(methods > 40_000, "compared " + methods);
    }

    /** Whatever a file contains, it is refused or judged; an error is never thrown, and every judgement ends. */
    @Test
    @Timeout(120)
    void survives_files_with_random_faults() throws IOException {
        long seed = 20261123;
        Random random = new Random(seed);
        for (Class<?> type : List.of(Files.class, java.io.BufferedWriter.class, ClassFileTest.class)) {
            byte[] file = bytes(type);
            List<String> methods = new ArrayList<>(new Asm(file).methods.keySet());
            for (int i = 0; i < 3_000; i++) {
                byte[] faulty = file.clone();
                for (int faults = 1 + random.nextInt(4); faults > 0; faults--) {
                    faulty[random.nextInt(faulty.length)] = (byte) random.nextInt(256);
                }
                String method = methods.get(random.nextInt(methods.size()));
                String name = "seed %d, case %d of %s, %s".formatted(seed, i, type, method);
                assertDoesNotThrow(() -> judgeAll(faulty, method), name);
            }
        }
    }

    private static void judgeAll(byte[] file, String method) {
        String name = method.substring(0, method.indexOf('('));
        try {
            MethodCode code = new ClassFile(file).method(name, method.substring(name.length()));
            code.instructions().stream().filter(at -> code.call(at) != null).forEach(at -> Judge.judge(code, at));
        } catch (RuntimeException refused) {
            // which is what a faulty file is for
        }
    }

    @Test
    void refuses_what_is_no_class_file() throws IOException {
        byte[] file = bytes(ClassFileTest.class);
        for (int length : IntStream.iterate(0, n -> n < 1000, n -> n + 7).toArray()) {
            byte[] cut = java.util.Arrays.copyOf(file, length);
            assertThrows(
                    RuntimeException.class,
                    () -> new ClassFile(cut).method("bytes", "(Ljava/lang/Class;)[B"),
                    () -> "cut at " + length);
        }
        assertThrows(IllegalArgumentException.class, () -> new ClassFile(new byte[100]));
        assertThrows(IllegalArgumentException.class, () -> new ClassFile(file).method("none", "()V"));
    }

    @Test
    void a_method_is_found_by_an_index_at_which_it_has_a_call() {
        ClassFile file = new ClassFile(Assembler.file(Opcodes.V17, m -> {
            m.visitInsn(Opcodes.NOP);
            Assembler.call(m, "a");
            m.visitInsn(Opcodes.RETURN);
        }));
        assertEquals(List.of(), file.methodsWithCallAt(0));
        assertEquals(List.of(), file.methodsWithCallAt(-1), "as of a native method");
        assertEquals(List.of(), file.methodsWithCallAt(1_000_000));
        List<MethodCode> methods = file.methodsWithCallAt(1);
        assertEquals(1, methods.size());
        assertEquals("a(", methods.get(0).call(1));
        assertEquals(Assembler.DESCRIPTOR, methods.get(0).descriptor());
    }

    @Test
    void a_method_that_is_too_long_is_refused() {
        ClassFile file = new ClassFile(Assembler.file(Opcodes.V17, m -> {
            for (int i = 0; i <= ClassFile.MAX_CODE / 3; i++) {
                Assembler.call(m, "a");
            }
            m.visitInsn(Opcodes.RETURN);
        }));
        assertThrows(RefusedCodeException.class, () -> file.method("m", Assembler.DESCRIPTOR));
        assertThrows(RefusedCodeException.class, () -> file.methodsWithCallAt(3));
    }

    /** Those before 50 are of Java 5 and older; the JVM accepts all from 45 on. */
    @Test
    void old_files_are_read_too() {
        for (int version : new int[] {Opcodes.V1_1, Opcodes.V1_2, Opcodes.V1_4, Opcodes.V1_5, Opcodes.V1_6}) {
            MethodCode method = Assembler.method(version, m -> {
                Assembler.call(m, "a");
                m.visitInsn(Opcodes.RETURN);
            });
            assertEquals("a(", method.call(0));
        }
    }

    /** JVMS up to its first edition: some fields of the code attribute were shorter in the files of Java 1.0. */
    @Test
    void the_files_of_java_1_0_are_read_too() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xCAFEBABE);
        out.writeShort(2);
        out.writeShort(45);
        out.writeShort(4);
        for (String text : List.of("m", "()V", "Code")) {
            out.writeByte(ConstantTag.UTF8);
            out.writeUTF(text);
        }
        out.write(new byte[10]); // access, class, superclass, no interfaces, no fields
        out.writeShort(1);
        out.writeShort(0);
        out.writeShort(1);
        out.writeShort(2);
        out.writeShort(1);
        out.writeShort(3);
        out.writeInt(1 + 1 + 2 + 2 + 2 + 2);
        out.write(new byte[] {1, 1}); // stack and variables
        out.writeShort(2);
        out.writeByte(Opcodes.NOP);
        out.writeByte(Opcodes.RETURN);
        out.write(new byte[4]); // no handlers, no attributes
        out.write(new byte[2]);
        MethodCode method = new ClassFile(bytes.toByteArray()).method("m", "()V");
        assertEquals("{0, 1}", method.instructions().toString());
    }

    static byte[] bytes(Class<?> type) throws IOException {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        try (InputStream in = type.getResourceAsStream(name + ".class")) {
            return in.readAllBytes();
        }
    }
}
