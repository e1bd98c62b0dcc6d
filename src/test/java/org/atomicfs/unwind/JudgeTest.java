package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.atomicfs.unwind.Verdict.Fate;
import org.junit.jupiter.api.Test;

/** The verdicts on the calls of {@code close} in the methods of {@link Samples}, in the order of the code. */
class JudgeTest {
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

    private static List<Verdict> verdicts(String name) throws IOException {
        MethodCode method = method(name);
        List<Verdict> verdicts = new ArrayList<>();
        method.instructions().stream().forEach(at -> {
            String call = method.call(at);
            if (call != null && call.startsWith("close(")) {
                verdicts.add(Judge.judge(method, at));
            }
        });
        return verdicts;
    }

    private static Verdict verdict(boolean handlerOnly, boolean doomed, Fate fate) {
        return new Verdict(handlerOnly, doomed, false, false, fate);
    }

    @Test
    void try_with_resources_closes_twice() throws IOException {
        assertEquals(
                List.of(verdict(false, false, Fate.PASSES_ON), verdict(true, true, Fate.ATTACHED)),
                verdicts("tryWithResources"));
    }

    @Test
    void finally_closes_twice() throws IOException {
        assertEquals(
                List.of(verdict(false, false, Fate.PASSES_ON), verdict(true, true, Fate.PASSES_ON)),
                verdicts("tryFinally"));
    }

    @Test
    void a_catch_that_swallows_is_not_doomed() throws IOException {
        assertEquals(List.of(verdict(true, false, Fate.PASSES_ON)), verdicts("catchSwallows"));
    }

    @Test
    void a_loop_without_end_is_not_doomed() throws IOException {
        assertEquals(List.of(verdict(true, false, Fate.PASSES_ON)), verdicts("catchLoops"));
    }

    @Test
    void a_throw_on_the_normal_way_is_doomed_but_not_in_a_handler() throws IOException {
        assertEquals(List.of(verdict(false, true, Fate.PASSES_ON)), verdicts("closesAndThrows"));
    }

    @Test
    void what_a_catch_writes_to_is_used() throws IOException {
        assertEquals(List.of(new Verdict(true, true, true, false, Fate.PASSES_ON)), verdicts("catchWrites"));
        assertEquals(
                List.of(verdict(false, false, Fate.PASSES_ON), new Verdict(true, true, true, false, Fate.PASSES_ON)),
                verdicts("catchWritesFinallyCloses"));
    }

    @Test
    void what_a_catch_only_flushes_is_not_used() throws IOException {
        assertEquals(List.of(verdict(true, true, Fate.PASSES_ON)), verdicts("catchFlushes"));
    }

    @Test
    void an_exception_that_is_a_jump_is_seen() throws IOException {
        Verdict second = verdicts("endOfInput").get(1);
        assertEquals(new Verdict(true, true, false, true, Fate.ATTACHED), second);
    }

    @Test
    void the_fate_of_an_exception_of_close_is_known() throws IOException {
        assertEquals(Fate.LOST, verdicts("ignores").get(0).fate());
        assertEquals(Fate.LOST, verdicts("ignoresOutsideOfSynchronized").get(0).fate());
        assertEquals(Fate.PASSES_ON, verdicts("wraps").get(0).fate());
        assertEquals(Fate.PASSES_ON, verdicts("catchesSomethingElse").get(0).fate());
        assertEquals(Fate.LOST, verdicts("throwsAnother").get(0).fate());
        assertEquals(Fate.ATTACHED_AND_CAUGHT, verdicts("attaches").get(0).fate());
        assertEquals(Fate.PASSES_ON, verdicts("getsAttached").get(0).fate());
    }

    @Test
    void a_handler_that_goes_on_may_swallow() throws IOException {
        assertTrue(maySwallow("ignores"));
        assertTrue(maySwallow("ignoresOutsideOfSynchronized"));
        assertTrue(maySwallow("catchesSomethingElse"));
        assertFalse(maySwallow("wraps"));
        assertFalse(maySwallow("tryWithResources"));
    }

    private static boolean maySwallow(String name) throws IOException {
        MethodCode method = method(name);
        return Judge.maySwallow(method, Assembler.indexOf(method, "close"));
    }

    @SuppressWarnings({"unused", "finally"})
    private static final class Samples {
        void tryWithResources(OutputStream given) throws IOException {
            try (OutputStream out = given) {
                out.write(1);
            }
        }

        void tryFinally(OutputStream out) throws IOException {
            try {
                out.write(1);
            } finally {
                out.close();
            }
        }

        void catchSwallows(OutputStream out) throws IOException {
            try {
                out.write(1);
            } catch (IllegalStateException e) {
                out.close();
            }
        }

        void catchLoops(OutputStream out) throws IOException {
            try {
                out.write(1);
            } catch (IllegalStateException e) {
                out.close();
                for (; ; ) {
                    out.flush();
                }
            }
        }

        void closesAndThrows(OutputStream out) throws IOException {
            out.close();
            throw new IOException();
        }

        void catchWrites(OutputStream out) throws IOException {
            try {
                out.write(1);
            } catch (IllegalStateException e) {
                out.write(2);
                out.close();
                throw e;
            }
        }

        void catchWritesFinallyCloses(OutputStream out) throws IOException {
            try {
                out.write(1);
            } catch (IllegalStateException e) {
                out.write(2);
                throw e;
            } finally {
                out.close();
            }
        }

        void catchFlushes(OutputStream out) throws IOException {
            try {
                out.write(1);
            } catch (IllegalStateException e) {
                if (out != null) {
                    synchronized (out) {
                        out.flush();
                    }
                }
                out.close();
                throw e;
            }
        }

        void endOfInput(OutputStream given) throws IOException {
            try (OutputStream out = given) {
                out.write(1);
            } catch (EOFException e) {
                given.flush();
            }
        }

        void ignores(Closeable closed) {
            try {
                closed.close();
            } catch (IOException ignored) {
                // lost
            }
        }

        void ignoresOutsideOfSynchronized(Closeable closed) {
            try {
                synchronized (this) {
                    closed.close();
                }
            } catch (IOException ignored) {
                // lost
            }
        }

        void wraps(Closeable closed) {
            try {
                closed.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void catchesSomethingElse(Closeable closed) throws IOException {
            try {
                closed.close();
            } catch (IllegalStateException ignored) {
                // not ours
            }
        }

        void throwsAnother(Closeable closed) throws IOException {
            try {
                closed.close();
            } catch (IOException e) {
                throw new IllegalStateException("closing failed");
            }
        }

        void attaches(Closeable closed, Exception first) {
            try {
                closed.close();
            } catch (IOException e) {
                first.addSuppressed(e);
            }
        }

        void getsAttached(Closeable closed, Exception first) throws IOException {
            try {
                closed.close();
            } catch (IOException e) {
                e.addSuppressed(first);
                throw e;
            }
        }
    }
}
