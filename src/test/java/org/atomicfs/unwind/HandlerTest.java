package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HandlerTest {
    @Test
    void the_end_is_not_covered() {
        Handler handler = new Handler(3, 7, 20, "java/io/IOException");
        assertFalse(handler.covers(2));
        assertTrue(handler.covers(3));
        assertTrue(handler.covers(6));
        assertFalse(handler.covers(7));
    }

    @Test
    void what_handles_everything_is_no_catch_clause() {
        assertTrue(new Handler(0, 1, 2, "java/lang/Throwable").isCatch());
        assertFalse(new Handler(0, 1, 2, Handler.ANY).isCatch());
    }
}
