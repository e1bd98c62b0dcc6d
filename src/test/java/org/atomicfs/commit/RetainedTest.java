package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetainedTest {
    @Test
    void all_that_it_retains_is_closed_and_the_first_failure_thrown() {
        AtomicLong closed = new AtomicLong();
        Retained retained = new Retained();
        IOException first = new IOException("first");
        IOException second = new IOException("second");
        retained.add(closed::incrementAndGet);
        retained.add(() -> {
            throw first;
        });
        retained.add(() -> {
            throw second;
        });
        retained.add(closed::incrementAndGet);
        assertEquals(first, assertThrows(IOException.class, retained::close));
        assertEquals(List.of(second), List.of(first.getSuppressed()));
        assertEquals(2, closed.get());
    }
}
