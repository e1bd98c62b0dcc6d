package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutwardTest {
    @Test
    void goes_from_frame_to_frame() {
        List<StackFrame> frames = StackFrames.here().subList(0, 2);
        Outward outward = new Outward(frames.stream());
        assertTrue(outward.advance());
        assertSame(frames.get(0), outward.frame());
        assertEquals("goes_from_frame_to_frame", outward.frame().getMethodName());
        assertTrue(outward.advance());
        assertSame(frames.get(1), outward.frame());
        assertFalse(outward.advance());
    }
}
