package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.objectweb.asm.Opcodes.*;

import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

class JumpsTest {
    /** {@code try { work(); } catch (type) handler}. */
    private static byte[] file(String type, Consumer<MethodVisitor> handler) {
        return Assembler.file(V17, m -> {
            Label start = new Label();
            Label end = new Label();
            Label begin = new Label();
            m.visitTryCatchBlock(start, end, begin, type);
            m.visitLabel(start);
            Assembler.call(m, "work");
            m.visitLabel(end);
            m.visitInsn(RETURN);
            m.visitLabel(begin);
            handler.accept(m);
            m.visitInsn(RETURN);
        });
    }

    private static void check(boolean jump, byte[] bytes) {
        ClassFile file = new ClassFile(bytes);
        MethodCode code = file.method("m", Assembler.DESCRIPTOR);
        assertEquals(jump, Jumps.isInsideCatch(code, 0));
        assertEquals(jump, Jumps.areNamedIn(file.constants()));
        assertEquals(false, Jumps.isInsideCatch(code, code.length() - 1), "not covered");
    }

    @ParameterizedTest
    @CsvSource({
        "java/io/EOFException, true",
        "java/util/NoSuchElementException, true",
        "kotlinx/coroutines/flow/internal/AbortFlowException, true",
        "org/python/StopIteration, true",
        "scala/runtime/NonLocalReturnControl, true",
        "scala/util/boundary$Break, true",
        "scala/MatchError, false",
        "java/io/IOException, false",
        "java/lang/Throwable, false"
    })
    void some_types_are_caught_as_jumps(String type, boolean jump) {
        check(jump, file(type, m -> m.visitInsn(POP)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"scala/util/control/ControlThrowable", "java/io/EOFException"})
    void what_catches_everything_may_test_for_one(String type) {
        check(true, file("java/lang/Throwable", m -> {
            m.visitTypeInsn(INSTANCEOF, type);
            m.visitInsn(POP);
        }));
        check(false, file("java/lang/Throwable", m -> {
            m.visitTypeInsn(INSTANCEOF, "java/lang/Error");
            m.visitInsn(POP);
        }));
    }
}
