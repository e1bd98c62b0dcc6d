package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenWalkTest {
    /** The library. */
    private static final class Opened implements Closeable {
        final Openers openers = StackWalker.getInstance(Set.of(Option.RETAIN_CLASS_REFERENCE))
                .walk(new OpenWalk(type -> type == Opened.class));

        static Opened open() {
            return new Opened();
        }

        @Override
        public void close() {}
    }

    private static Opened deep(int depth) {
        return depth == 0 ? Opened.open() : deep(depth - 1);
    }

    private static Object atDepth(int depth) {
        if (depth > 0) {
            return atDepth(depth - 1);
        }
        try (Opened opened = Opened.open()) {
            return opened.openers;
        }
    }

    @Test
    void frames_of_the_library_are_passed_over() {
        Openers openers = deep(0).openers;
        assertEquals("open", openers.get(0).getMethodName());
        assertEquals("deep", openers.get(1).getMethodName());
        StackFrame here = StackFrames.here().get(0);
        assertEquals(2, openers.lastIn(here));
    }

    @Test
    void a_stream_that_is_handed_on_is_followed_far() {
        assertEquals(OpenWalk.MOST, deep(200).openers.size());
        Openers openers = deep(OpenWalk.MOST - 2).openers;
        assertEquals(OpenWalk.MOST, openers.lastIn(StackFrames.here().get(0)));
    }

    @Test
    void a_stream_whose_owner_is_near_is_not() {
        Openers openers = (Openers) atDepth(200);
        assertTrue(openers.size() < OpenWalk.FETCHED, () -> openers.size() + " frames");
        assertEquals("atDepth", openers.get(1).getMethodName());
    }
}
