package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.atomicfs.testing.CapturedLogs;
import org.junit.jupiter.api.Test;

class UnfinishedTest {
    private static final class Removal extends Unfinished.Removal {
        Throwable failure;
        int removed;

        @Override
        Path name() {
            return Path.of("x.tmp");
        }

        @Override
        void remove() {
            removed++;
            if (failure != null) {
                throw TestThrow.sneak(failure);
            }
        }
    }

    private final Removal one = new Removal();
    private final Removal other = new Removal();

    @Test
    void each_removal_is_done_once() {
        Unfinished.add(one);
        Unfinished.add(other);
        Unfinished.finishAll();
        Unfinished.finishAll();
        assertEquals(1, one.removed);
        assertEquals(1, other.removed);
    }

    @Test
    void what_cannot_be_removed_is_logged_and_left_to_the_next_writer() {
        one.failure = new IOException("no");
        Unfinished.add(other);
        Unfinished.add(one);
        try (CapturedLogs logs = new CapturedLogs()) {
            Unfinished.finishAll();
            assertEquals(1, logs.records().size());
        }
        Unfinished.finishAll();
        assertEquals(1, one.removed);
        assertEquals(1, other.removed);
    }

    @Test
    void what_fails_by_an_error_again_is_tried_again_later() {
        one.failure = new OutOfMemoryError("on purpose");
        Unfinished.add(one);
        Unfinished.finishAll(); // no reason for others to fail
        assertEquals(1, one.removed);
        one.failure = null;
        Unfinished.finishAll();
        assertEquals(2, one.removed);
    }
}
