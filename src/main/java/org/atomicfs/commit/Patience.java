package org.atomicfs.commit;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for another writer, perhaps of another process: its end cannot be waited for, so it is looked for again and
 * again, in pauses that grow. For use by one thread.
 */
public final class Patience {
    private static final long SHORTEST_PAUSE = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final long limit;
    private final long begun = System.nanoTime();
    private long pause = SHORTEST_PAUSE;

    /** @param limit in nanoseconds */
    public Patience(long limit) {
        this.limit = limit;
    }

    /** Whether the time is over. */
    public boolean isOver() {
        return System.nanoTime() - begun >= limit;
    }

    /**
     * Waits a moment.
     *
     * @param why what is waited for; the message of the exception has it
     * @throws InterruptedIOException if the thread is interrupted; its interrupt status stays set
     */
    public void pause(String why) throws InterruptedIOException {
        LockSupport.parkNanos(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("Interrupted while waiting: " + why);
        }
    }
}
