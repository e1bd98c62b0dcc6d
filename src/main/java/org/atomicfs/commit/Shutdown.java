package org.atomicfs.commit;

import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What becomes of writes when the JVM shuts down: a shutdown hook aborts those that are open, and from then on only the
 * program's own shutdown hooks can begin new ones. Threads of the program go on running beside the hooks until the JVM
 * halts, and would otherwise leave the temporary that they have at that moment.
 *
 * <p>A write announces itself by {@link #enter} before it creates anything, and {@link #leave}s once it can be aborted:
 * so the hook knows that a write is being opened, and waits for it.
 *
 * <p>The JVM does not say which threads are shutdown hooks. A hook is a platform thread that was made before the
 * shutdown began, since the JVM takes no new ones then, and has not written before, since it was not running. A thread
 * of the program that was made before the shutdown and writes for the first time during it is taken for a hook. The JVM
 * does not wait for the end of such a thread's write: the library's own hook does, for a while.
 */
final class Shutdown {
    /** How long the hook waits for writes that it does not abort, and for opens under way, which end by themselves. */
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(10);

    /** How long the hook waits for threads that were started just before the shutdown to come to their first write. */
    private static final long FIRST_WRITES = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    /** Set in threads that wrote before the shutdown. Holds a type of the JDK: another would pin our class loader. */
    private static final ThreadLocal<Boolean> HAS_WRITTEN = new ThreadLocal<>();

    private static final Object LOCK = new Object();
    private static int entered; // opens under way
    private static int open; // writes that entered and have not ended

    /**
     * Null unless it is registered with the JVM. A thread keeps the class loaders of all that called for it to be made,
     * up to Java 23 (its inherited access control context): so it is made anew each time.
     */
    private static Thread hook;

    private static boolean idleWatched; // whether Idle will run

    /** The identifier of a thread that was made when the shutdown was noticed; 0 before. */
    private static long ending;

    private Shutdown() {}

    /**
     * Announces a write that is about to be opened. Is to be followed by {@link #leave}, and at the end by
     * {@link #ended}, unless it throws.
     *
     * @return whether it is the write of a shutdown hook, which the shutdown does not abort: the JVM waits for it
     * @throws ShuttingDownException if the JVM is shutting down, and the current thread is not one of its hooks
     */
    static boolean enter(Path requested) throws FileSystemException {
        synchronized (LOCK) {
            entered++;
            open++;
            try {
                if (isEnding()) {
                    if (!mayBeHook(Thread.currentThread())) {
                        throw ShuttingDownException.about(requested);
                    }
                    return true;
                }
                if (HAS_WRITTEN.get() == null) {
                    HAS_WRITTEN.set(true);
                }
                return false;
            } catch (Throwable e) {
                leave();
                ended();
                throw e;
            }
        }
    }

    /** Says that the write which entered is among the open ones now, or that its open failed. */
    static void leave() {
        synchronized (LOCK) {
            entered--;
        }
    }

    /** Says that a write which entered has ended, or was never opened. To be called once for each. */
    static void ended() {
        synchronized (LOCK) {
            open--;
            if (open == 0 && ending == 0 && !idleWatched) {
                removeHookLater();
            }
        }
    }

    private static void removeHookLater() {
        try {
            idleWatched = Unclosed.watch(new Object(), new Idle()) != null;
        } catch (OutOfMemoryError | StackOverflowError e) {
            idleWatched = false; // it is removed at once instead
        }
        if (!idleWatched) {
            removeHook();
        }
    }

    private static boolean mayBeHook(Thread thread) {
        return HAS_WRITTEN.get() == null && thread.getId() < ending && !Threads.isVirtual(thread);
    }

    /**
     * Whether the shutdown has begun, which the JVM tells who registers a hook or takes one back. The library's own
     * hook may run later than a hook of the program that writes already.
     */
    private static boolean isEnding() {
        if (ending == 0) {
            try {
                if (hook == null) {
                    addHook();
                } else {
                    // asks, and changes nothing: a thread that runs cannot be a hook that waits to be started
                    Runtime.getRuntime().removeShutdownHook(Thread.currentThread());
                }
            } catch (IllegalStateException shuttingDown) {
                ending = Threads.nextId();
            }
        }
        return ending != 0;
    }

    /**
     * The hook is registered while there are open writes, and until the next garbage collection, so that a shutdown
     * that begins between two writes finds it. Not for ever: it keeps the library's class loader alive.
     */
    private static void addHook() {
        Thread made = Threads.unattached(new Hook(), "atomicfs-shutdown");
        Runtime.getRuntime().addShutdownHook(made);
        hook = made;
    }

    /** Runs some time after the last write has ended: when the garbage collector has run. */
    private static final class Idle implements Runnable {
        @Override
        public void run() {
            synchronized (LOCK) {
                idleWatched = false;
                if (open == 0 && ending == 0) {
                    removeHook();
                }
            }
        }
    }

    private static void removeHook() {
        if (hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
                hook = null;
            } catch (IllegalStateException shuttingDown) {
                // the hook runs already, or is about to, and finds nothing to abort
            }
        }
    }

    private static final class Hook implements Runnable {
        @Override
        public void run() {
            long begun = System.nanoTime();
            synchronized (LOCK) {
                isEnding();
            }
            abortAll();
            while (isEntered() && System.nanoTime() - begun < LONGEST_WAIT) {
                LockSupport.parkNanos(PAUSE);
            }
            abortAll(); // what was being opened
            for (long waited = 0; isAwaited(waited); waited = System.nanoTime() - begun) {
                LockSupport.parkNanos(PAUSE);
            }
            abortAll(); // what was left open by a thread that has ended meanwhile
        }
    }

    private static boolean isEntered() {
        synchronized (LOCK) {
            return entered > 0;
        }
    }

    private static boolean isAwaited(long waited) {
        return waited < LONGEST_WAIT && isAnyOpen() || waited < FIRST_WRITES && Threads.isAnyOtherRunning();
    }

    private static boolean isAnyOpen() {
        synchronized (LOCK) {
            return open > 0;
        }
    }

    private static void abortAll() {
        for (PendingWrite write : Registry.list()) {
            if (!write.endsWithJvm()) {
                continue;
            }
            try {
                Registry.abort(write, Messages.JVM_ENDS);
            } catch (Error e) { // the others are to be aborted nevertheless
                Registry.logger().log(Level.WARNING, Messages.notDiscarded(write.requested()), e);
            }
        }
        LiveTransactions.abortAll(Messages.JVM_ENDS);
        Unfinished.finishAll();
    }
}
