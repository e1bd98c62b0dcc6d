package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
