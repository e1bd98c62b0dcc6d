package org.atomicfs.view;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;

/** A delegate's lock, held through our own channel. */
final class AtomicFileLock extends FileLock {
    private final FileLock delegate;

    /** Wraps a lock that was asked for by these numbers; null (not available) stays null. */
    static FileLock of(FileChannel channel, FileLock delegate, long position, long size) {
        return delegate == null ? null : new AtomicFileLock(channel, delegate, position, size);
    }

    /** Wraps a lock that was asked for by these numbers; null (not available) stays null. */
    static FileLock of(AsynchronousFileChannel channel, FileLock delegate, long position, long size) {
        return delegate == null ? null : new AtomicFileLock(channel, delegate, position, size);
    }

    /**
     * How much to lock of what was asked for. The last byte that there can be is left out: on a temporary that is where
     * the writer's own lock is, and the JVM refuses locks that overlap.
     */
    static long clipped(long position, long size) {
        long end = Long.MAX_VALUE - 1;
        return position >= 0 && position < end && size > end - position ? end - position : size;
    }

    private AtomicFileLock(FileChannel channel, FileLock delegate, long position, long size) {
        super(channel, position, size, delegate.isShared());
        this.delegate = delegate;
    }

    private AtomicFileLock(AsynchronousFileChannel channel, FileLock delegate, long position, long size) {
        super(channel, position, size, delegate.isShared());
        this.delegate = delegate;
    }

    @Override
    public boolean isValid() {
        return acquiredBy().isOpen() && delegate.isValid();
    }

    @Override
    public void release() throws IOException {
        delegate.release();
    }
}
