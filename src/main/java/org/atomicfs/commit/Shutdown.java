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
 * of the program that was made before the shutdown and writes for the first time during it is taken for a hook.
 */
final class Shutdown {
    /** How long the hook waits for opens under way: they end by themselves, as fast as the file system answers. */
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(10);

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    /** Set in threads that wrote before the shutdown. Holds a type of the JDK: another would pin our class loader. */
    private static final ThreadLocal<Boolean> HAS_WRITTEN = new ThreadLocal<>();

    private static final Object LOCK = new Object();
    private static int entered; // opens under way
    private static int open; // writes that entered and have not ended
    private static Thread hook; // made at the first write
    private static boolean registered; // with the JVM

    /** The identifier of a thread that was made when the shutdown was noticed; 0 before. */
    private static volatile long ending;

    private Shutdown() {}

    /**
     * Announces a write that is about to be opened. Is to be followed by {@link #leave}, and at the end by
     * {@link #ended}, unless it throws.
     *
     * @return whether it is the write of a shutdown hook, which the shutdown does not abort: the JVM waits for it
     * @throws FileSystemException if the JVM is shutting down, and the current thread is not one of its hooks
     */
    static boolean enter(Path requested) throws FileSystemException {
        synchronized (LOCK) {
            if (ending == 0 && !registered) {
                addHook();
            }
            entered++;
            open++;
        }
        try {
            if (ending != 0) {
                if (!mayBeHook(Thread.currentThread())) {
                    throw new FileSystemException(requested.toString(), null, Messages.SHUTTING_DOWN);
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
            if (open == 0 && ending == 0) {
                removeHook();
            }
        }
    }

    private static boolean mayBeHook(Thread thread) {
        return HAS_WRITTEN.get() == null && thread.getId() < ending && !Threads.isVirtual(thread);
    }

    /** The hook is registered while there are open writes, and no longer: it keeps the library's class loader alive. */
    private static void addHook() {
        if (hook == null) {
            hook = Threads.unattached(new Hook(), "atomicfs-shutdown");
        }
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            registered = true;
        } catch (IllegalStateException shuttingDown) {
            ending = Threads.nextId();
        }
    }

    private static void removeHook() {
        if (registered) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
                registered = false;
            } catch (IllegalStateException shuttingDown) {
                // the hook runs already, or is about to, and finds nothing to abort
            }
        }
    }

    private static final class Hook implements Runnable {
        @Override
        public void run() {
            synchronized (LOCK) {
                ending = Threads.nextId();
            }
            abortAll();
            long deadline = System.nanoTime() + LONGEST_WAIT;
            while (isEntered() && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(PAUSE);
            }
            abortAll(); // what was being opened
        }
    }

    private static boolean isEntered() {
        synchronized (LOCK) {
            return entered > 0;
        }
    }

    private static void abortAll() {
        for (PendingWrite write : Registry.list()) {
            if (write.isOfShutdownHook()) {
                continue;
            }
            try {
                Registry.abort(write, Messages.JVM_ENDS);
            } catch (Error e) { // the others are to be aborted nevertheless
                Registry.logger().log(Level.WARNING, Messages.notDiscarded(write.requested()), e);
            }
        }
        Unfinished.finishAll();
    }
}
