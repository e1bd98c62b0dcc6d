package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The locks that the caller has taken through one write.
 *
 * <p>Who releases a lock on a file says that what it changed can be read now. But a change is to be read only when it
 * is published, which is when the channel is closed: so, once there is a change, a lock on the file that it will
 * replace is kept when the caller releases it, and given up with the write.
 *
 * <p>Safe for use by several threads.
 */
public final class CallerLocks {
    /** One lock, as the caller has it. */
    public final class Held {
        private final FileLock lock;
        private final boolean keepable; // it is on the file that will be replaced
        private volatile boolean released; // as the caller sees it

        private Held(FileLock lock, boolean keepable) {
            this.lock = lock;
            this.keepable = keepable;
        }

        /** Whether it is shared with others. */
        public boolean isShared() {
            return lock.isShared();
        }

        /** Whether the caller has it. */
        public boolean isValid() {
            return !released && lock.isValid();
        }

        /** Releases it, for the caller; what else does is put off until the change is published. */
        public void release() throws IOException {
            synchronized (CallerLocks.this) {
                if (released) {
                    return;
                }
                if (!keepable || !changed.getAsBoolean()) {
                    held.remove(this);
                    lock.release();
                }
                released = true;
            }
        }

        private boolean covers(long position, long size, boolean shared) {
            return released
                    && lock.isValid()
                    && lock.position() <= position
                    && position + size <= lock.position() + lock.size()
                    && (shared || !lock.isShared());
        }
    }

    private final List<Held> held = new ArrayList<>(1);
    private final BooleanSupplier changed;

    /**
     * There are none yet.
     *
     * @param changed whether there is a change to publish
     */
    CallerLocks(BooleanSupplier changed) {
        this.changed = changed;
    }

    /**
     * How much to lock of what was asked for: nothing of where the locks of atomicfs itself are, since the JVM refuses
     * locks that overlap.
     */
    public static long clipped(long position, long size) {
        long end = SameFile.FIRST_MARK;
        return position >= 0 && position < end && size > end - position ? end - position : size;
    }

    /**
     * Adds a lock that was taken.
     *
     * @param keepable whether it is on the file that will be replaced
     */
    synchronized Held add(FileLock lock, boolean keepable) {
        Held added = new Held(lock, keepable);
        held.add(added);
        return added;
    }

    /** Whether the caller has any. */
    synchronized boolean any() {
        return held.stream().anyMatch(Held::isValid);
    }

    /** Gives up what was kept. */
    synchronized void giveUp() {
        try {
            giveUp(0, Long.MAX_VALUE);
        } catch (IOException closed) {
            // and so the locks are gone
        }
    }

    /**
     * The caller wants a lock: it gets one that was kept, if that is all of what it wants. Others that overlap are
     * given up, since the JVM would refuse it for them; null then.
     */
    synchronized Held again(long position, long size, boolean shared) throws IOException {
        for (Held kept : held) {
            if (kept.covers(position, size, shared)) {
                held.remove(kept);
                return add(kept.lock, true);
            }
        }
        giveUp(position, size);
        return null;
    }

    private void giveUp(long position, long size) throws IOException {
        for (Held kept : List.copyOf(held)) {
            if (kept.released && kept.lock.overlaps(position, size)) {
                held.remove(kept);
                kept.lock.release();
            }
        }
    }
}
