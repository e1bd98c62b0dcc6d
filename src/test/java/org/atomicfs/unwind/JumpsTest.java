package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.objectweb.asm.Opcodes.*;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

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
        "java/io/OptionalDataException, true",
        "java/util/NoSuchElementException, true",
        "java/util/InputMismatchException, true",
        "java/util/EmptyStackException, true",
        "java/nio/BufferUnderflowException, true",
        "java/nio/BufferOverflowException, true",
        "java/nio/channels/ClosedChannelException, true",
        "java/nio/channels/AsynchronousCloseException, true",
        "java/lang/IndexOutOfBoundsException, true",
        "java/lang/ArrayIndexOutOfBoundsException, true",
        "java/lang/StringIndexOutOfBoundsException, true",
        "kotlinx/coroutines/channels/ClosedReceiveChannelException, true",
        "com/example/EndOfDataException, true",
        "com/example/Parser$EOFReachedException, true",
        "com/example/EofException, true",
        "com/example/NoMoreRowsException, true",
        "com/example/StopParsingException, true",
        "org/junit/runner/notification/StoppedByUserException, false",
        "com/example/BreakException, true",
        "com/example/Stopwatch, false",
        "com/example/UnexpectedEndOfFileException, false",
        "com/example/Break, false",
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
    @CsvSource({
        "java/lang/Throwable, scala/util/control/ControlThrowable",
        "java/lang/Throwable, java/io/EOFException",
        "java/io/IOException, java/io/EOFException",
        "java/lang/RuntimeException, java/util/NoSuchElementException",
        "java/util/concurrent/ExecutionException, java/io/EOFException"
    })
    void what_catches_more_may_test_for_one(String caught, String type) {
        check(true, file(caught, m -> {
            m.visitTypeInsn(INSTANCEOF, type);
            m.visitInsn(POP);
        }));
        check(true, file(caught, m -> {
            m.visitLdcInsn(Type.getObjectType(type));
            m.visitInsn(POP);
        }));
        check(false, file(caught, m -> {
            m.visitTypeInsn(INSTANCEOF, "java/lang/Error");
            m.visitInsn(POP);
        }));
    }

    /** {@code catch (IOException e) { if (!isEnd(e)) throw e; }}; perhaps in a class that names a jump elsewhere. */
    private static byte[] asking(String named, boolean throwing) {
        return file("java/io/IOException", m -> {
            Label end = new Label();
            m.visitVarInsn(ASTORE, 2);
            m.visitVarInsn(ALOAD, 2);
            m.visitMethodInsn(INVOKESTATIC, "Sample", "isEnd", "(Ljava/lang/Exception;)Z", false);
            m.visitJumpInsn(IFNE, end);
            if (throwing) {
                m.visitVarInsn(ALOAD, 2);
                m.visitInsn(ATHROW);
            }
            m.visitLabel(end);
            m.visitInsn(RETURN);
            m.visitTypeInsn(CHECKCAST, named); // which is not reached
        });
    }

    @Test
    void a_method_may_test_for_one() {
        check(true, asking("java/io/EOFException", true));
        check(false, asking("java/io/IOException", true));
        MethodCode swallowing = new ClassFile(asking("java/io/EOFException", false)).method("m", Assembler.DESCRIPTOR);
        assertEquals(false, Jumps.isInsideCatch(swallowing, 0), "whatever the method says");
    }
}
