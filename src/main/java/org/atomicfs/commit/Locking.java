package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Locks the file that a write is about.
 *
 * <p>Writers replace files. So who has waited for a lock has it on a file that was replaced in the meantime, and looks
 * again: if another file has the path by now, that one is locked, and so on. Then it is as with writers who change one
 * file in place: each sees what the one before has written.
 *
 * @param <C> what is locked
 */
public final class Locking<C extends Closeable> {
    /**
     * Takes a lock from the delegate.
     *
     * @param <C> what is locked
     */
    @FunctionalInterface
    public interface Taking<C> {
        /** Takes it; null if it is not available. */
        FileLock from(C channel) throws IOException;
    }

    /** For how long a writer waits for the names that another one still has. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(200);

    private final InFlight<C> inFlight;
    private final Staging<C> staging;
    private final Ending ending;
    private final Function<Throwable, IOException> failing;
    private final CallerLocks locks;

    /**
     * For one write.
     *
     * @param failing makes it a failed write, and returns what to throw
     */
    Locking(InFlight<C> inFlight, Function<Throwable, IOException> failing) {
        this.inFlight = inFlight;
        staging = inFlight.staging;
        ending = inFlight.ending;
        this.failing = failing;
        locks = new CallerLocks(staging::changes);
        inFlight.locks = locks;
    }

    /**
     * Makes the temporary, as {@link Staging#stage}. The writer that had the lock before publishes first, and gives the
     * names of its temporary up then: for a moment they are taken although the caller has the lock.
     */
    void stage(BooleanSupplier cancelled) throws IOException {
        long end = System.nanoTime() + PATIENCE;
        try {
            while (!tryStage(end, cancelled)) {
                LockSupport.parkNanos(PAUSE);
            }
        } finally {
            if (!staging.changes()) {
                locks.giveUp(); // there is no change for which to keep them
            }
        }
    }

    /** Returns false if it is to be tried again. */
    private boolean tryStage(long end, BooleanSupplier cancelled) throws IOException {
        boolean last = !locks.any() || cancelled.getAsBoolean() || System.nanoTime() - end > 0;
        if (!last && staging.original().hasAnchor()) {
            return false;
        }
        try {
            staging.stage(cancelled);
            return true;
        } catch (BusyException e) {
            if (last) {
                throw e;
            }
            return false;
        }
    }

    /**
     * A lock for the caller, in the thread of the caller.
     *
     * @return null if it is not available
     */
    public CallerLocks.Held lock(long position, long size, boolean shared, Taking<? super C> taking)
            throws IOException {
        CallerLocks.Held held = again(position, size, shared);
        while (held == null) {
            C lockable = lockable();
            FileLock taken;
            try {
                taken = taking.from(lockable);
            } catch (ClosedChannelException e) {
                if (isOutdated(lockable)) {
                    continue;
                }
                throw e;
            }
            if (taken == null) {
                return null;
            }
            held = confirm(lockable, taken);
        }
        return held;
    }

    /** A lock that the caller has released and that was kept; null if none is like this. */
    public CallerLocks.Held again(long position, long size, boolean shared) throws IOException {
        return locks.again(position, size, shared);
    }

    /**
     * The delegate's channel, to take a lock from, which is to be {@linkplain #confirm confirmed}. Who locks a file
     * wants to exclude others who lock it: so a file that was created only to be locked, by an open that does not
     * truncate and before anything is written, is published then, empty.
     *
     * @throws FileSystemException if what is written is a copy from the beginning, so that a lock would exclude nobody
     */
    public C lockable() throws IOException {
        if (inFlight.destination.delegate().isStore()) {
            throw new FileSystemException(inFlight.requested().toString(), null, StoreMessages.noLocks());
        }
        if (!inFlight.destination.inPlace() && inFlight.destination.delegate().rewrites()) {
            throw new FileSystemException(inFlight.requested().toString(), null, Messages.NO_LOCKS);
        }
        if (!inFlight.changed && !inFlight.isMember() && staging.mayBeLockFile()) {
            synchronized (ending) {
                if (!inFlight.changed && ending.isOpen()) {
                    try {
                        staging.publishEmpty();
                    } catch (Throwable e) {
                        throw failing.apply(e);
                    }
                }
            }
        }
        try {
            EarlyPublication.of(inFlight, true);
        } catch (Throwable e) {
            throw failing.apply(e);
        }
        Original<C> original = staging.original();
        if (original == null) {
            return channel();
        }
        synchronized (ending) {
            if (ending.isOpen()) {
                original.prepareLock(!isLockedHere());
            }
            return channel();
        }
    }

    /** Whether this JVM has a lock on the file, which opening and closing it would drop. */
    private boolean isLockedHere() {
        for (PendingWrite write : Registry.list(inFlight.destination())) {
            if (write.isLocked()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a channel was {@link #lockable}, and another one is by now. */
    public boolean isOutdated(C lockable) {
        return ending.isOpen() && lockable != channel();
    }

    /**
     * What to lock: the file that was opened, also when there is a change of it, since that is what others lock.
     * Everything else is locked where it is written.
     */
    private C channel() {
        Original<C> original = staging.original();
        return original == null ? staging.target().channel() : original.channel();
    }

    /**
     * The caller's lock, of one that was taken, if the file has its path still.
     *
     * @return null if another file has the path by now, which is {@link #lockable}
     * @throws FileSystemException if the file was replaced although the caller had a lock on it or had changed it
     */
    public CallerLocks.Held confirm(C locked, FileLock taken) throws IOException {
        CallerLocks.Held held = null;
        try {
            synchronized (ending) {
                requireOpen();
                if (isOnTheFile(locked)) {
                    held = locks.add(taken, staging.original() != null);
                }
            }
            return held;
        } catch (FileSystemException e) {
            throw explained(e);
        } finally {
            if (held == null) {
                release(taken);
            }
        }
    }

    private static void release(FileLock lock) throws IOException {
        try {
            lock.release();
        } catch (ClosedChannelException e) {
            // and so it is released
        }
    }

    private void requireOpen() throws IOException {
        if (!ending.isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    /** What cannot be locked can still be read, unless there is a change that is in vain. */
    private IOException explained(FileSystemException e) {
        return staging.target() instanceof Target.Unchanged
                ? Messages.about(inFlight.requested(), e)
                : failing.apply(e);
    }

    private boolean isOnTheFile(C locked) throws IOException {
        Original<C> original = staging.original();
        if (original == null) {
            return true;
        }
        if (locked != original.channel()) {
            return false; // another thread has moved on
        }
        Original.Found found = original.look();
        if (found == Original.Found.NOTHING) {
            return true; // as with a plain channel
        }
        if (found == Original.Found.ITSELF) {
            return locks.any() || !original.isToBePreparedAgain();
        }
        if (locks.any() || !(staging.target() instanceof Target.Unchanged)) {
            throw new FileSystemException(original.destination().path().toString(), null, Messages.REPLACED);
        }
        staging.moveOn();
        return false;
    }
}
