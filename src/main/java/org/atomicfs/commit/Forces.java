package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Forces many files and directories at once, so that the device can do it in few turns: each in a thread of its own, as
 * long as there is one, and otherwise in the caller's. So no more files are open than there are threads, and one.
 */
final class Forces implements AutoCloseable {
    /** Forces something. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    private final int threads;
    private ThreadPoolExecutor pool; // null before the first action
    private int running; // guarded by this
    private Throwable first; // what failed; guarded by this

    Forces(int threads) {
        this.threads = threads;
    }

    /** Runs an action now or soon. */
    void submit(Action action) {
        if (threads <= 1) {
            run(action);
            return;
        }
        begin();
        try {
            pool().execute(() -> {
                try {
                    run(action);
                } finally {
                    end();
                }
            });
        } catch (OutOfMemoryError noThread) { // limits of the operating system on threads arrive as this error
            try {
                run(action);
            } finally {
                end();
            }
        }
    }

    /** Forces a directory now or soon, whatever interrupts that. */
    void submitDirectory(Delegate delegate, Path directory) {
        submit(() -> {
            boolean interrupted = false;
            boolean done = false;
            while (!done) {
                try {
                    delegate.forceDirectory(directory);
                    done = true;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private synchronized ThreadPoolExecutor pool() {
        if (pool == null) {
            pool = new ThreadPoolExecutor(
                    0,
                    threads,
                    1,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    Forces::thread,
                    (task, full) -> task.run());
        }
        return pool;
    }

    private static Thread thread(Runnable task) {
        Thread thread = Threads.unattached(task, "atomicfs-force");
        thread.setDaemon(true);
        return thread;
    }

    private synchronized void begin() {
        running++;
    }

    private synchronized void end() {
        running--;
        notifyAll();
    }

    /** An interrupt of the thread, which would close the file, has no effect before it is forced. */
    private void run(Action action) {
        boolean interrupted = Thread.interrupted();
        try {
            action.run();
        } catch (Throwable e) {
            fail(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void fail(Throwable e) {
        if (first == null) {
            first = e;
        }
    }

    /**
     * Waits for all actions.
     *
     * @throws IOException the first that was thrown since the last time
     */
    void await() throws IOException {
        settle();
        Throwable failed;
        synchronized (this) {
            failed = first;
            first = null;
        }
        Messages.rethrow(failed);
    }

    /** Waits for all actions, which are not stopped by an interrupt. */
    synchronized void settle() {
        boolean interrupted = false;
        while (running > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        if (pool != null) {
            pool.shutdown();
        }
    }
}
