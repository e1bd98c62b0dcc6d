package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The lock by which a writer shows that it lives.
 *
 * <p>POSIX drops a process's record locks on a file when the process closes any descriptor of it, fcntl(2). So a writer
 * loses its lock when it closes what it wrote through, and when the JDK opens and closes the file to change an
 * attribute, until it has taken it again: for moments.
 */
final class Locks {
    /**
     * The byte that is locked. Locks are mandatory on Windows: a lock on bytes that are written would block the write.
     */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LOOK = TimeUnit.MICROSECONDS.toNanos(100);

    private Locks() {}

    /** Waits for longer than a live writer is without its lock. */
    static void waitForMomentaryLoss() {
        pause(MOMENT);
    }

    /** Waits for longer than somebody has the lock who only looks whether it is free. */
    static void waitForLooking() {
        pause(LOOK);
    }

    /** An interrupt does not shorten it. */
    private static void pause(long nanos) {
        boolean interrupted = false;
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Locks a temporary.
     *
     * @return null where somebody else has the lock, of this or another process
     * @throws UnsupportedOperationException if the file system has no locks
     */
    static FileLock tryLock(FileChannel channel) {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException ours) {
            return null;
        } catch (IOException none) {
            throw new UnsupportedOperationException(none);
        }
    }
}
