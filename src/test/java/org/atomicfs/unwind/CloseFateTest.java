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
        return CloseFate.of(new Reach(code), Assembler.indexOf(code, "close"));
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

    private static void attach(MethodVisitor m, int to, int attached) {
        m.visitVarInsn(ALOAD, to);
        m.visitVarInsn(ALOAD, attached);
        m.visitMethodInsn(INVOKEVIRTUAL, "java/lang/Throwable", "addSuppressed", "(Ljava/lang/Throwable;)V", false);
    }

    @Test
    void an_exception_that_is_thrown_or_kept_as_well_is_not_attached_for_certain() {
        assertEquals(Fate.PASSES_ON, fate("java/io/IOException", m -> {
            m.visitVarInsn(ASTORE, 2);
            attach(m, 1, 2);
            m.visitVarInsn(ALOAD, 2);
            m.visitInsn(ATHROW);
        }));
        assertEquals(Fate.LOST, fate("java/io/IOException", m -> {
            m.visitVarInsn(ASTORE, 2);
            attach(m, 1, 2);
            m.visitVarInsn(ALOAD, 2);
            m.visitFieldInsn(PUTSTATIC, "Sample", "last", "Ljava/lang/Throwable;");
            m.visitInsn(RETURN);
        }));
    }

    /** {@code catch (e) { if (first == null) first = e; else first.addSuppressed(e); }}. */
    private static void keepFirst(MethodVisitor m, int first, int exception) {
        Label other = new Label();
        Label end = new Label();
        m.visitVarInsn(ASTORE, exception);
        m.visitVarInsn(ALOAD, first);
        m.visitJumpInsn(IFNONNULL, other);
        m.visitVarInsn(ALOAD, exception);
        m.visitVarInsn(ASTORE, first);
        m.visitJumpInsn(GOTO, end);
        m.visitLabel(other);
        attach(m, first, exception);
        m.visitLabel(end);
    }

    @Test
    void the_first_of_several_is_not_what_propagates() {
        assertEquals(Fate.LOST, fate("java/io/IOException", m -> {
            keepFirst(m, 3, 2);
            m.visitInsn(RETURN);
        }));
    }

    /** {@code failed = new IOException(); try { close(); } catch (e) { failed.addSuppressed(e); }}. */
    @Test
    void an_exception_that_the_method_makes_is_not_what_propagates() {
        MethodCode code = Assembler.method(m -> {
            Label start = new Label();
            Label end = new Label();
            m.visitTryCatchBlock(start, end, end, "java/io/IOException");
            m.visitTypeInsn(NEW, "java/io/IOException");
            m.visitVarInsn(ASTORE, 3);
            m.visitLabel(start);
            Assembler.call(m, "close");
            m.visitInsn(RETURN);
            m.visitLabel(end);
            m.visitVarInsn(ASTORE, 2);
            attach(m, 3, 2);
            m.visitInsn(RETURN);
        });
        assertEquals(Fate.LOST, CloseFate.of(new Reach(code), Assembler.indexOf(code, "close")));
    }

    /**
     * {@code try { work(); } catch (3) { close(); throw 3; }}, and what keeps the first of both, as Eclipse puts it.
     */
    @Test
    void what_was_caught_before_is_what_propagates() {
        MethodCode code = Assembler.method(m -> {
            Label start = new Label();
            Label caught = new Label();
            Label end = new Label();
            m.visitTryCatchBlock(start, caught, caught, null);
            m.visitTryCatchBlock(caught, end, end, null);
            m.visitInsn(ACONST_NULL);
            m.visitVarInsn(ASTORE, 3);
            m.visitLabel(start);
            Assembler.call(m, "work");
            m.visitInsn(RETURN);
            m.visitLabel(caught);
            m.visitVarInsn(ASTORE, 3);
            Assembler.call(m, "close");
            m.visitVarInsn(ALOAD, 3);
            m.visitInsn(ATHROW);
            m.visitLabel(end);
            keepFirst(m, 3, 2);
            m.visitVarInsn(ALOAD, 3);
            m.visitInsn(ATHROW);
        });
        assertEquals(Fate.ATTACHED, CloseFate.of(new Reach(code), Assembler.indexOf(code, "close")));
    }
}
