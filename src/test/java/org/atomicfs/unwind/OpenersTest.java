package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OpenersTest {
    private final KnownClasses classes = new KnownClasses();
    private final ClassFiles files = new ClassFiles();

    private static List<StackFrame> open() {
        return StackFrames.here();
    }

    private static List<StackFrame> factory() {
        return open();
    }

    private static StackFrame other() {
        return StackFrames.here().get(0);
    }

    private static Openers openers(List<StackFrame> frames) {
        return new Openers(frames.subList(0, 4).toArray(StackFrame[]::new));
    }

    @Test
    void callers_are_known_by_their_methods() {
        Openers openers = openers(factory()); // open, factory, this method, its caller
        StackFrame here = StackFrames.here().get(0);
        assertEquals(3, openers.size());
        assertEquals(2, openers.lastIn(here));
        assertTrue(openers.contains(here, classes, files));
        assertEquals(Openers.NONE, openers.lastIn(other()));
        assertFalse(openers.contains(other(), classes, files));
        assertFalse(openers.isAt(2, here), "at another call");
        assertTrue(openers.isAt(3, StackFrames.here().get(1)));
    }

    @Test
    void the_opening_calls_of_a_method_are_known_by_their_index() {
        List<StackFrame> frames = factory();
        StackFrame here = StackFrames.here().get(0);
        assertEquals(List.of(frames.get(2).getByteCodeIndex()), openers(frames).indexesIn(here, classes, files));
        assertEquals(List.of(), openers(frames).indexesIn(other(), classes, files));
    }

    @Test
    void an_index_that_is_not_that_of_the_call_is_not_reliable() {
        List<StackFrame> frames = factory();
        StackFrame here = StackFrames.here().get(0);
        Openers openers = new Openers(frames.get(0), here, frames.get(1)); // here does not call open()
        assertNull(openers.indexesIn(here, classes, files));
    }

    @Test
    void another_thread_did_not_open() {
        Openers openers = openers(factory());
        StackFrame here = StackFrames.here().get(0);
        assertTrue(openers.isCurrentThread());
        CompletableFuture.runAsync(() -> {
                    assertFalse(openers.isCurrentThread());
                    assertEquals(Openers.NONE, openers.lastIn(here));
                    assertFalse(openers.contains(here, classes, files));
                    assertEquals(List.of(), openers.indexesIn(here, classes, files));
                })
                .join();
    }
}
