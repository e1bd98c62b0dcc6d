package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import org.atomicfs.unwind.Verdict.Fate;
import org.junit.jupiter.api.Test;

class CallSiteTest {
    private static List<StackFrame> stack;

    private static final class Closed implements Closeable {
        @Override
        public void close() {
            stack = StackFrames.here();
        }

        void end() {
            stack = StackFrames.here();
        }
    }

    private static void closes(Closed closed) {
        closed.close();
    }

    private static void ends(Closed closed) {
        closed.end();
    }

    private static CallSite site(StackFrame frame) throws IOException {
        return CallSite.at(
                new ClassFile(ClassFileTest.bytes(CallSiteTest.class))
                        .method(frame.getMethodName(), frame.getDescriptor()),
                frame.getByteCodeIndex());
    }

    @Test
    void a_call_leads_to_the_method_that_it_names() throws IOException {
        closes(new Closed());
        CallSite site = site(stack.get(1));
        assertTrue(site.isCall());
        assertTrue(site.calls(stack.get(0)));
        assertFalse(site.calls(stack.get(1)));
        assertTrue(site.isOnLineOf(stack.get(1)));
        assertFalse(site(stack.get(1)).isOnLineOf(stack.get(0)), "of another method");
    }

    @Test
    void a_call_is_a_close_by_its_name() throws IOException {
        closes(new Closed());
        assertTrue(site(stack.get(1)).isClose());
        ends(new Closed());
        assertFalse(site(stack.get(1)).isClose());
    }

    @Test
    void an_ordinary_verdict_holds_wherever_the_stream_was_opened() throws IOException {
        closes(new Closed());
        CallSite site = site(stack.get(1));
        assertEquals(new Verdict(false, false, false, false, Fate.PASSES_ON), site.verdict());
        assertEquals(site.verdict(), site.verdict(List.of(0)));
    }

    private static void failsAndCloses(Closed closed) {
        try {
            throw new IllegalStateException();
        } finally {
            closed.close();
        }
    }

    @Test
    void another_verdict_depends_on_where_the_stream_was_opened() throws IOException {
        try {
            failsAndCloses(new Closed());
        } catch (IllegalStateException expected) {
            // only the stack is of interest
        }
        CallSite site = site(stack.get(1));
        assertTrue(site.verdict().handlerOnly());
        assertEquals(site.verdict(), site.verdict(List.of()));
        assertNull(site.verdict(List.of(4)), "not found out yet");
        Verdict other = new Verdict(false, false, false, false, Fate.LOST);
        site.add(List.of(4), other);
        assertEquals(other, site.verdict(List.of(4)));
        assertNull(site.verdict(List.of(4, 9)));
    }

    @Test
    void nothing_is_known_of_a_method_that_is_not_analysed() {
        CallSite site = CallSite.refused();
        assertFalse(site.isCall());
        assertFalse(site.isClose());
        assertFalse(site.calls(StackFrames.here().get(0)));
    }
}
