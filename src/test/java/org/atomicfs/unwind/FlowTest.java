package org.atomicfs.unwind;

import static org.atomicfs.unwind.Assembler.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.objectweb.asm.Opcodes.*;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** Which calls of a small method, named by letters, are reached. */
class FlowTest {
    private static List<String> reached(Consumer<MethodVisitor> body) {
        MethodCode method = Assembler.method(body);
        return Assembler.calls(method, Flow.from(method, 0));
    }

    @Test
    void a_condition_goes_both_ways() {
        assertEquals(List.of("a", "b"), reached(m -> {
            Label otherwise = new Label();
            m.visitVarInsn(ILOAD, 0);
            m.visitJumpInsn(IFEQ, otherwise);
            call(m, "a");
            m.visitInsn(RETURN);
            m.visitLabel(otherwise);
            call(m, "b");
            m.visitInsn(RETURN);
            call(m, "never");
            m.visitInsn(RETURN);
        }));
    }

    @Test
    void nothing_follows_a_throw_or_an_endless_loop() {
        assertEquals(List.of("a"), reached(m -> {
            Label again = new Label();
            m.visitLabel(again);
            call(m, "a");
            m.visitJumpInsn(GOTO, again);
            call(m, "never");
            m.visitInsn(ACONST_NULL);
            m.visitInsn(ATHROW);
            call(m, "never");
            m.visitInsn(RETURN);
        }));
    }

    @Test
    void a_switch_goes_to_each_case() {
        for (boolean table : List.of(true, false)) {
            assertEquals(List.of("a", "b", "c"), reached(m -> {
                Label a = new Label();
                Label b = new Label();
                Label c = new Label();
                m.visitVarInsn(ILOAD, 0);
                if (table) {
                    m.visitTableSwitchInsn(3, 4, c, a, b);
                } else {
                    m.visitLookupSwitchInsn(c, new int[] {1, 1000}, new Label[] {a, b});
                }
                m.visitLabel(a);
                call(m, "a");
                m.visitInsn(RETURN);
                m.visitLabel(b);
                call(m, "b");
                m.visitInsn(RETURN);
                m.visitLabel(c);
                call(m, "c");
                m.visitInsn(RETURN);
            }));
        }
    }

    /** A local that was set to null, and then perhaps to something else, is tested. */
    private static List<String> test(int local, int opcode, boolean comparing, Consumer<MethodVisitor> between) {
        return reached(m -> {
            Label jump = new Label();
            m.visitInsn(ACONST_NULL);
            m.visitVarInsn(ASTORE, local);
            between.accept(m);
            m.visitVarInsn(ALOAD, local);
            if (comparing) {
                m.visitInsn(ACONST_NULL);
            }
            m.visitJumpInsn(opcode, jump);
            call(m, "goes_on");
            m.visitInsn(RETURN);
            m.visitLabel(jump);
            call(m, "jumps");
            m.visitInsn(RETURN);
        });
    }

    @Test
    void a_test_of_what_holds_null_goes_one_way() {
        for (int local : new int[] {2, 5, 60}) {
            assertEquals(List.of("jumps"), test(local, IFNULL, false, m -> {}));
            assertEquals(List.of("goes_on"), test(local, IFNONNULL, false, m -> {}));
            assertEquals(List.of("jumps"), test(local, IF_ACMPEQ, true, m -> {}));
            assertEquals(List.of("goes_on"), test(local, IF_ACMPNE, true, m -> {}));
        }
    }

    @Test
    void in_doubt_a_test_goes_both_ways() {
        List<String> both = List.of("goes_on", "jumps");
        assertEquals(both, test(300, IFNULL, false, m -> {}), "too many locals to know them all");
        assertEquals(both, test(3, IFNULL, false, m -> {
            m.visitVarInsn(ALOAD, 1);
            m.visitVarInsn(ASTORE, 3);
        }));
        assertEquals(both, test(3, IFNULL, false, m -> {
            m.visitInsn(LCONST_0);
            m.visitVarInsn(LSTORE, 2); // and 3
        }));
        assertEquals(
                both,
                test(
                        3,
                        IFNULL,
                        false,
                        m -> { // on one of two ways
                            Label meet = new Label();
                            m.visitVarInsn(ILOAD, 0);
                            m.visitJumpInsn(IFEQ, meet);
                            m.visitVarInsn(ALOAD, 1);
                            m.visitVarInsn(ASTORE, 3);
                            m.visitLabel(meet);
                        }));
    }

    /** As compilers made a finally up to Java 1.4. */
    @Test
    void a_subroutine_is_followed_and_left() {
        assertEquals(List.of("a", "b"), reached(m -> {
            Label routine = new Label();
            m.visitJumpInsn(JSR, routine);
            call(m, "a");
            m.visitInsn(RETURN);
            m.visitLabel(routine);
            m.visitVarInsn(ASTORE, 2);
            call(m, "b");
            m.visitVarInsn(RET, 2);
            call(m, "never");
            m.visitInsn(RETURN);
        }));
    }
}
