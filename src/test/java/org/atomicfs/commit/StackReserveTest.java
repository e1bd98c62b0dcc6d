package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StackReserveTest {
    private int deepest;

    /** Goes down to the end of the stack, and returns how many frames there were left when the check failed first. */
    private int left(int depth) {
        deepest = depth;
        try {
            return left(depth + 1);
        } catch (StackOverflowError end) {
            try {
                StackReserve.check();
            } catch (StackOverflowError notEnough) {
                throw end;
            }
            return deepest - depth;
        }
    }

    @Test
    void there_is_stack_left_where_the_check_passes() {
        assertTrue(left(0) > 50, "frames");
    }

    @Test
    void with_most_of_the_stack_left_it_passes() {
        assertDoesNotThrow(StackReserve::check);
    }
}
