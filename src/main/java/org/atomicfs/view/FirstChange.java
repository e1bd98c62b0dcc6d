package org.atomicfs.view;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Begins the changes that come before the file is copied, in an executor and one after the other: the first one copies,
 * and no thread waits for it.
 */
final class FirstChange implements Runnable {
    /** A change that is to be begun. */
    interface Pending {
        /** Begins it. */
        void begin();

        /** Does not begin it, since the executor takes nothing any more. */
        void refuse(Throwable rejection);
    }

    private final Executor executor;
    private final Queue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();

    FirstChange(Executor executor) {
        this.executor = executor;
    }

    /**
     * Has a change begun as soon as there is a copy.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the executor takes nothing any more
     */
    void submit(Pending change) {
        waiting.add(change);
        if (!running.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this);
        } catch (RuntimeException | Error e) {
            if (waiting.remove(change)) { // otherwise it was begun, and this is what a handler has thrown
                running.set(false);
                for (Pending other = waiting.poll(); other != null; other = waiting.poll()) {
                    other.refuse(e); // of another thread, which left it to this one
                }
            }
            throw e;
        }
    }

    @Override
    public void run() {
        try {
            for (Pending next = waiting.poll(); next != null; next = waiting.poll()) {
                next.begin();
            }
        } finally { // a handler may throw
            running.set(false);
            if (!waiting.isEmpty() && running.compareAndSet(false, true)) {
                run();
            }
        }
    }
}
