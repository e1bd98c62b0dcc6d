package org.atomicfs.commit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The changes of one write that have begun and not ended. Safe for use by several threads. */
final class Changes {
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(20);

    private final Object monitor;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean held; // whether none may begin

    /** @param monitor who holds changes back has it */
    Changes(Object monitor) {
        this.monitor = monitor;
    }

    boolean any() {
        return underWay.get() > 0;
    }

    /** Counts one that begins now; waits while they are held back. */
    void begin() {
        underWay.incrementAndGet();
        while (held) {
            underWay.decrementAndGet();
            synchronized (monitor) {
                underWay.incrementAndGet();
            }
        }
    }

    /** Counts one that is about to begin. */
    void expect() {
        underWay.incrementAndGet();
    }

    void end() {
        underWay.decrementAndGet();
    }

    /** Waits for those under way, and lets none begin until {@link #goOn}. The caller has the monitor until then. */
    void hold() {
        held = true;
        while (any()) {
            LockSupport.parkNanos(PAUSE);
        }
    }

    void goOn() {
        held = false;
    }
}
