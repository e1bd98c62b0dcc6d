package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The lock by which a writer shows that it lives: the operating system releases it when the writer dies. Who looks for
 * dead writers believes in a free lock only when it was free twice, {@link #INTERVAL} apart.
 *
 * <p>POSIX drops a process's record locks on a file when the process closes <em>any</em> descriptor of it, fcntl(2). So
 * the writer's one descriptor stays open until the file has its last name. Where the JDK has to open and close the file
 * for another purpose (to set an attribute), the writer is without its lock for moments, until it has taken it again.
 */
final class LivenessLock {
    /** Between the two looks of who looks for dead writers. */
    static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

    /**
     * A file that was locked sooner than this after it was created cannot have been removed as a dead writer's: that
     * takes two looks at the unlocked file. Half of the interval, since the two sides measure with clocks of their own.
     */
    private static final long SOON = INTERVAL / 2;

    /** For how long another process has the lock that only looks whether it is free. */
    private static final long LOOK = TimeUnit.MICROSECONDS.toNanos(100);

    /**
     * The byte that is locked. Locks are mandatory on Windows: a lock on bytes that are written would block the write.
     */
    static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /**
     * Has the thread of this JVM that opens a transaction's file, to lock it: closing another channel of it would drop
     * the lock.
     */
    static final Object OPENING = new Object();

    private LivenessLock() {}

    /** Whether channels of this kind can have the lock. */
    static boolean isPossibleFor(Channel channel) {
        return channel instanceof FileChannel || channel instanceof AsynchronousFileChannel;
    }

    /**
     * Opens a file to look whether it is locked. Another user can put a named pipe in the file's place after the look
     * at it. Opening one for writing alone waits for a reader; for both it does not, on Linux (fifo(7)).
     */
    static FileChannel open(Path file) throws IOException {
        return Delegate.provider(file)
                .newFileChannel(
                        file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Takes the lock.
     *
     * @return null where another channel has it, of this or another process
     * @throws UnsupportedOperationException if the file system has no locks
     */
    static FileLock tryLock(Channel channel) {
        try {
            return channel instanceof FileChannel file
                    ? file.tryLock(LOCKED_BYTE, 1, false)
                    : ((AsynchronousFileChannel) channel).tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException ofThisJvm) {
            return null;
        } catch (IOException none) {
            throw new UnsupportedOperationException(none);
        }
    }

    /** Whether a file whose creation began then, as {@link System#nanoTime} tells it, was locked soon enough. */
    static boolean isSoon(long begun) {
        return System.nanoTime() - begun < SOON;
    }

    /** Waits from the first look for dead writers to the second one. */
    static void waitForSecondLook() {
        pause(INTERVAL);
    }

    /** Waits for longer than another process has the lock that only looks. */
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
}
