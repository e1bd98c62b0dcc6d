package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ClassFactsTest {
    /** What the samples call. */
    public static final class Recorder {
        public static List<StackFrame> stack;

        public static void close() {
            stack = StackFrames.here();
        }
    }

    /** Is loaded by loaders that fail. */
    public static final class Sample {
        /** Closes because of an exception. */
        public static void run() {
            try {
                throw new IllegalStateException();
            } finally {
                Recorder.close();
            }
        }

        /** Closes inside a catch clause for the end of the input. */
        public static void atEnd() throws Exception {
            try {
                Recorder.close();
                if (Recorder.stack == null) {
                    throw new EOFException();
                }
            } catch (EOFException e) {
                Recorder.stack = null;
            }
            throw new IllegalStateException();
        }
    }

    private static FaultyLoader sound() {
        return new FaultyLoader(Sample.class, ByteArrayInputStream::new);
    }

    private static StackFrame frame(FaultyLoader loader, String method) throws ReflectiveOperationException {
        assertThrows(
                InvocationTargetException.class,
                () -> loader.load().getMethod(method).invoke(null));
        return Recorder.stack.get(1);
    }

    private static boolean catchesJump(ClassFacts facts, StackFrame frame) {
        return facts.catchesJump(frame, Recorder.stack.get(0), new ClassFiles());
    }

    @Test
    void a_place_is_read_once() throws ReflectiveOperationException {
        FaultyLoader loader = sound();
        StackFrame frame = frame(loader, "run");
        ClassFacts facts = new ClassFacts();
        CallSite site = facts.site(frame, new ClassFiles());
        assertTrue(site.verdict().handlerOnly() && site.verdict().doomed());
        loader.answer(file -> {
            throw new AssertionError("read again");
        });
        assertSame(site, facts.site(frame, new ClassFiles()));
    }

    @Test
    void a_verdict_that_depends_on_the_opening_call_is_kept_by_that() throws ReflectiveOperationException {
        StackFrame frame = frame(sound(), "run");
        ClassFacts facts = new ClassFacts();
        CallSite site = facts.site(frame, new ClassFiles());
        assertSame(site.verdict(), facts.verdict(frame, site, List.of(), new ClassFiles()));
        // as if it was opened just before it is closed, in the handler
        int before = frame.getByteCodeIndex() - 1;
        Verdict verdict = facts.verdict(frame, site, List.of(before), new ClassFiles());
        assertFalse(verdict.handlerOnly());
        assertSame(verdict, facts.verdict(frame, site, List.of(before), new ClassFiles()));
    }

    @Test
    void nothing_is_kept_of_a_read_that_failed() throws ReflectiveOperationException {
        for (Map.Entry<String, Function<byte[], InputStream>> fault :
                Faults.all().entrySet()) {
            FaultyLoader loader = new FaultyLoader(Sample.class, fault.getValue());
            StackFrame frame = frame(loader, "run");
            ClassFacts facts = new ClassFacts();
            assertNull(facts.mayDecide(frame, new ClassFiles()), fault.getKey());
            assertNull(facts.site(frame, new ClassFiles()), fault.getKey());
            assertEquals(IndexFacts.SEVERAL, facts.onlyMethodAt(frame, new ClassFiles()), fault.getKey());
            assertTrue(facts.mayConcernException(frame, List.of(), new ClassFiles()), fault.getKey());
            assertTrue(facts.mayHaveThrown(frame, new ClassFiles()), fault.getKey());
            assertFalse(facts.isUnchanged(frame.getDeclaringClass(), new ClassFiles()), fault.getKey());
            assertFalse(catchesJump(facts, frame(loader, "atEnd")), fault.getKey());
            loader.answer(ByteArrayInputStream::new);
            assertTrue(facts.mayDecide(frame, new ClassFiles()), fault.getKey());
            assertNotNull(facts.site(frame, new ClassFiles()), fault.getKey());
            assertNotEquals(IndexFacts.SEVERAL, facts.onlyMethodAt(frame, new ClassFiles()), fault.getKey());
            assertFalse(facts.mayConcernException(frame, List.of(), new ClassFiles()), fault.getKey());
            assertTrue(facts.isUnchanged(frame.getDeclaringClass(), new ClassFiles()), fault.getKey());
            assertTrue(catchesJump(facts, frame(loader, "atEnd")), fault.getKey());
        }
    }

    @Test
    void a_failure_of_the_jvm_is_passed_on_and_nothing_is_kept() throws ReflectiveOperationException {
        for (VirtualMachineError error : List.of(new OutOfMemoryError(), new StackOverflowError())) {
            FaultyLoader loader = new FaultyLoader(Sample.class, file -> {
                throw error;
            });
            StackFrame frame = frame(loader, "run");
            ClassFacts facts = new ClassFacts();
            assertSame(error, assertThrows(error.getClass(), () -> facts.site(frame, new ClassFiles())));
            assertSame(error, assertThrows(error.getClass(), () -> catchesJump(facts, frame)));
            loader.answer(ByteArrayInputStream::new);
            assertNotNull(facts.site(frame, new ClassFiles()));
            assertFalse(catchesJump(facts, frame));
        }
    }

    @Test
    void a_class_with_other_members_than_its_file_was_changed() throws ReflectiveOperationException {
        FaultyLoader loader = new FaultyLoader(Sample.class, file -> {
            try {
                return new ByteArrayInputStream(ClassFileTest.bytes(ClassFactsTest.class));
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        });
        assertFalse(new ClassFacts().isUnchanged(loader.load(), new ClassFiles()));
        assertTrue(new ClassFacts().isUnchanged(sound().load(), new ClassFiles()));
    }

    @Test
    void the_answer_does_not_change() throws ReflectiveOperationException {
        StackFrame frame = frame(sound(), "atEnd");
        ClassFacts facts = new ClassFacts();
        assertEquals(catchesJump(facts, frame), catchesJump(facts, frame));
    }
}
