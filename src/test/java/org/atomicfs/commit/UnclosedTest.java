package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicInteger;
import org.atomicfs.testing.Poll;
import org.junit.jupiter.api.Test;

class UnclosedTest {
    private final AtomicInteger noticed = new AtomicInteger();

    @Test
    void a_writer_that_is_dropped_is_noticed() {
        Unclosed.watch(new Object(), noticed::incrementAndGet);
        Poll.until(() -> {
            System.gc();
            return noticed.get() == 1;
        });
    }

    @Test
    void the_action_runs_once() {
        Object writer = new Object();
        Cleaner.Cleanable watched = Unclosed.watch(writer, noticed::incrementAndGet);
        watched.clean();
        watched.clean();
        Reference.reachabilityFence(writer);
        assertEquals(1, noticed.get());
    }
}
