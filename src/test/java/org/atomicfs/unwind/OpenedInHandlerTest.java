package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.objectweb.asm.Opcodes.*;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.Label;

class OpenedInHandlerTest {
    private static MethodCode method(String name) throws IOException {
        String descriptor = Stream.of(Samples.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .map(method -> java.lang.invoke.MethodType.methodType(
                                method.getReturnType(), method.getParameterTypes())
                        .descriptorString())
                .findFirst()
                .orElseThrow();
        return new ClassFile(ClassFileTest.bytes(Samples.class)).method(name, descriptor);
    }

    /** The last close of each sample is that of a handler. */
    @ParameterizedTest
    @CsvSource({
        "fallback, false",
        "fallbackThrows, false",
        "afterFailure, false",
        "report, true",
        "closedByFinally, true",
        "closedByFinallyWrapped, true"
    })
    void what_uses_the_exception_may_be_about_it(String name, boolean concerns) throws IOException {
        MethodCode method = method(name);
        int close = method.instructions().stream()
                .filter(at -> "close(".equals(method.call(at)) && Judge.isHandlerOnly(method, at))
                .max()
                .orElseThrow();
        List<Integer> opens = List.of(Assembler.indexOf(method, "open"));
        assertEquals(concerns, OpenedInHandler.mayConcernException(method, opens, close));
    }

    @ParameterizedTest
    @CsvSource({"factory, false", "throwsAgain, true", "ordinary, false"})
    void a_method_that_handles_an_exception_may_throw_it_again(String name, boolean thrown) throws IOException {
        MethodCode method = method(name);
        assertEquals(thrown, OpenedInHandler.mayHaveThrown(method, Assembler.indexOf(method, "open")));
    }

    /** As the compiler of Eclipse does it, where javac stores the exception in a variable that is never read. */
    @Test
    void an_exception_that_is_dropped_is_not_used() {
        MethodCode method = Assembler.method(m -> {
            Label start = new Label();
            Label handler = new Label();
            Label inner = new Label();
            Label closing = new Label();
            m.visitTryCatchBlock(start, handler, handler, "java/io/IOException");
            m.visitTryCatchBlock(inner, closing, closing, null);
            m.visitLabel(start);
            Assembler.call(m, "work");
            m.visitInsn(RETURN);
            m.visitLabel(handler);
            m.visitInsn(POP);
            Assembler.call(m, "open");
            m.visitLabel(inner);
            Assembler.call(m, "work");
            m.visitInsn(RETURN);
            m.visitLabel(closing);
            m.visitVarInsn(ASTORE, 2);
            Assembler.call(m, "close");
            m.visitVarInsn(ALOAD, 2);
            m.visitInsn(ATHROW);
        });
        List<Integer> opens = List.of(Assembler.indexOf(method, "open"));
        assertFalse(OpenedInHandler.mayConcernException(method, opens, Assembler.indexOf(method, "close")));
    }

    private static OutputStream open() {
        return OutputStream.nullOutputStream();
    }

    @SuppressWarnings("unused")
    private static final class Samples {
        void work(OutputStream out) throws IOException {
            out.write(1);
        }

        void fallback() throws IOException {
            try {
                work(null);
            } catch (IOException e) {
                try (OutputStream out = open()) {
                    work(out);
                }
            }
        }

        void fallbackThrows() throws IOException {
            try {
                work(null);
            } catch (IOException e) {
                try (OutputStream out = open()) {
                    work(out);
                    throw new IOException("the second, too");
                }
            }
        }

        /** Reached only after an exception was handled, whose variable is then another's. */
        void afterFailure() throws IOException {
            try {
                throw new IOException();
            } catch (IOException e) {
                work(null);
            }
            try (OutputStream out = open()) {
                out.write(1);
                work(out);
            }
        }

        void report() throws IOException {
            try {
                work(null);
            } catch (IOException e) {
                try (PrintWriter out = new PrintWriter(open())) {
                    e.printStackTrace(out);
                }
            }
        }

        void closedByFinally() throws IOException {
            OutputStream out = null;
            try {
                work(null);
            } catch (IOException e) {
                out = open();
                throw e;
            } finally {
                if (out != null) {
                    out.close();
                }
            }
        }

        void closedByFinallyWrapped() throws IOException {
            OutputStream out = null;
            try {
                work(null);
            } catch (IOException e) {
                out = open();
                throw new IllegalStateException(e);
            } finally {
                if (out != null) {
                    out.close();
                }
            }
        }

        OutputStream factory() {
            try {
                work(null);
                return null;
            } catch (IOException e) {
                return open();
            }
        }

        OutputStream throwsAgain() throws IOException {
            try {
                work(null);
                return null;
            } catch (IOException e) {
                work(open());
                throw e;
            }
        }

        void ordinary() throws IOException {
            work(open());
            throw new IOException();
        }
    }
}
