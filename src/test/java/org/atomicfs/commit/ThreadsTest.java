package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.atomicfs.testing.Needs;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    @Test
    void an_unattached_thread_has_nothing_of_the_one_that_makes_it() throws InterruptedException {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        local.set("inherited");
        String[] inherited = {"none"};
        Thread thread = Threads.unattached(() -> inherited[0] = local.get(), "name");
        assertNull(thread.getContextClassLoader());
        assertNull(thread.getThreadGroup().getParent());
        thread.start();
        thread.join();
        assertNull(inherited[0]);
    }

    @Test
    void a_thread_that_does_not_wait_runs() throws InterruptedException {
        AtomicBoolean end = new AtomicBoolean();
        Thread running = new Thread(() -> {
            while (!end.get()) {
                Thread.onSpinWait();
            }
        });
        running.start();
        assertTrue(Threads.isAnyOtherRunning());
        end.set(true);
        running.join();
    }

    @Test
    void an_identifier_lies_between_those_of_earlier_and_later_threads() {
        Thread before = new Thread(() -> {});
        long id = Threads.nextId();
        Thread after = new Thread(() -> {});
        assertTrue(before.getId() < id);
        assertTrue(id < after.getId());
    }

    @Test
    void a_platform_thread_is_not_virtual() {
        assertFalse(Threads.isVirtual(Thread.currentThread()));
    }

    @Test
    void a_virtual_thread_is_virtual() throws ReflectiveOperationException {
        Needs.java(21, "virtual threads");
        Runnable nothing = () -> {};
        Thread thread = (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, nothing);
        assertTrue(Threads.isVirtual(thread));
    }
}
