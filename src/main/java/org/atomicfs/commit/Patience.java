package org.atomicfs.commit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
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

    /** What can be done once no other writer has a file. */
    @FunctionalInterface
    interface Attempt {
        /** Does it. */
        void run() throws IOException;
    }

    /**
     * Tries something again and again while another writer has a file.
     *
     * @param limit in nanoseconds
     * @throws BusyException if the time is over
     */
    static void whileBusy(Path file, long limit, Attempt attempt) throws IOException {
        Patience patience = new Patience(limit);
        while (true) {
            try {
                attempt.run();
                return;
            } catch (BusyException e) {
                patience.pause(e, file);
            }
        }
    }

    /**
     * Waits a moment for another writer of a file.
     *
     * @param busy says who that is; thrown if the time is over, or if it is the calling thread, which would wait for
     *     ever
     */
    void pause(BusyException busy, Path file) throws IOException {
        if (isOver() || Nesting.isWrittenByThisThread(file)) {
            throw busy;
        }
        pause(busy.getMessage());
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
