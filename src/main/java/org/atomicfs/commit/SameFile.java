package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether two open channels are of one file. Java cannot ask an open file for its key, and a path's key, looked at
 * before or after the file was opened, may be that of another file: inode numbers are used again at once.
 *
 * <p>But the JDK refuses overlapping locks of one JVM on one file, whatever channels they are taken through, and asks
 * the open files themselves which file they are (FileLockTable, FileKey). So one channel is marked, by a lock on a byte
 * that is used for nothing else, and the other one is asked for the same byte.
 *
 * <p>For the moment that this takes, a lock that another program wants on the whole of the file is refused, or waits.
 */
final class SameFile {
    /** What is known. */
    enum Answer {
        SAME,
        DIFFERENT,
        /** The file system is not the JDK's own or has no locks, or others have locks on all of the file. */
        UNKNOWN
    }

    /** How many bytes are for marks, below the one of {@link LivenessLock}. */
    private static final long MARKS = 1L << 40;

    /** The first byte that is for marks. */
    static final long FIRST_MARK = LivenessLock.LOCKED_BYTE - MARKS;

    /** How many marks are tried, while others have locks on them. */
    private static final int ATTEMPTS = 3;

    /** No two marks of this JVM are the same; those of two processes hardly ever. */
    private static final AtomicLong NEXT =
            new AtomicLong(ThreadLocalRandom.current().nextLong(MARKS));

    private SameFile() {}

    /** Whether this is a channel of the JDK's own. Others may refuse overlapping locks of one channel alone. */
    static boolean canAsk(Closeable channel) {
        return channel instanceof Channel it
                && it.getClass().getModule() == Object.class.getModule()
                && LivenessLock.isPossibleFor(it);
    }

    /** Whether two channels are of one file. */
    static Answer ask(Closeable one, Closeable other) throws IOException {
        if (!canAsk(one) || !canAsk(other)) {
            return Answer.UNKNOWN;
        }
        try {
            Answer answer = Answer.UNKNOWN;
            for (int attempt = 0; attempt < ATTEMPTS && answer == Answer.UNKNOWN; attempt++) {
                answer = compare(
                        (Channel) one, (Channel) other, FIRST_MARK + Math.floorMod(NEXT.getAndIncrement(), MARKS));
            }
            return answer;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException none) {
            return Answer.UNKNOWN; // this file system has no locks
        }
    }

    private static Answer compare(Channel marked, Channel asked, long mark) throws IOException {
        FileLock lock;
        try {
            lock = tryLock(marked, mark);
        } catch (OverlappingFileLockException ofThisJvm) {
            return Answer.UNKNOWN;
        }
        if (lock == null) {
            return Answer.UNKNOWN; // another process has a lock on it
        }
        boolean refused;
        try {
            refused = isRefused(asked, mark);
        } finally {
            lock.release();
        }
        if (!refused) {
            return Answer.DIFFERENT;
        }
        // a lock that this JVM has on all of another file refuses it as well, but goes on to do so without the mark
        return isRefused(asked, mark) ? Answer.UNKNOWN : Answer.SAME;
    }

    private static boolean isRefused(Channel channel, long mark) throws IOException {
        FileLock lock;
        try {
            lock = tryLock(channel, mark);
        } catch (OverlappingFileLockException ofThisJvm) {
            return true;
        }
        if (lock != null) {
            lock.release();
        }
        return false;
    }

    /** A shared lock hinders fewer others; but only a channel that can be read through can have one. */
    private static FileLock tryLock(Channel channel, long mark) throws IOException {
        try {
            return tryLock(channel, mark, true);
        } catch (NonReadableChannelException e) {
            return tryLock(channel, mark, false);
        }
    }

    private static FileLock tryLock(Channel channel, long mark, boolean shared) throws IOException {
        return channel instanceof FileChannel file
                ? file.tryLock(mark, 1, shared)
                : ((AsynchronousFileChannel) channel).tryLock(mark, 1, shared);
    }
}
