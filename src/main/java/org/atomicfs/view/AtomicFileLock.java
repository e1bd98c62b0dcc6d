package org.atomicfs.view;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.atomicfs.commit.CallerLocks;

/** A lock of the caller's, held through our own channel. */
final class AtomicFileLock extends FileLock {
    private final CallerLocks.Held held;

    /** Wraps a lock that was asked for by these numbers; null (not available) stays null. */
    static FileLock of(FileChannel channel, CallerLocks.Held held, long position, long size) {
        return held == null ? null : new AtomicFileLock(channel, held, position, size);
    }

    /** Wraps a lock that was asked for by these numbers; null (not available) stays null. */
    static FileLock of(AsynchronousFileChannel channel, CallerLocks.Held held, long position, long size) {
        return held == null ? null : new AtomicFileLock(channel, held, position, size);
    }

    private AtomicFileLock(FileChannel channel, CallerLocks.Held held, long position, long size) {
        super(channel, position, size, held.isShared());
        this.held = held;
    }

    private AtomicFileLock(AsynchronousFileChannel channel, CallerLocks.Held held, long position, long size) {
        super(channel, position, size, held.isShared());
        this.held = held;
    }

    @Override
    public boolean isValid() {
        return acquiredBy().isOpen() && held.isValid();
    }

    @Override
    public void release() throws IOException {
        if (!acquiredBy().isOpen()) {
            throw new ClosedChannelException();
        }
        held.release();
    }
}
