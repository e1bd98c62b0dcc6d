package org.atomicfs.commit;

import java.util.Arrays;

/** Threads of the library's own, and what newer JDKs say of threads. */
public final class Threads {
    private Threads() {}

    /**
     * A thread that keeps nothing of the thread that makes it: it belongs to the root group (a group of the program may
     * be destroyed by the time the thread starts), has no context class loader and inherits no thread locals.
     */
    static Thread unattached(Runnable action, String name) {
        Thread thread = new Thread(rootGroup(), action, name, 0, false);
        thread.setContextClassLoader(null);
        return thread;
    }

    /** Runs each task in a new thread, as the JDK's default executor for files does when no other one is idle. */
    public static void runInNew(Runnable task) {
        Thread thread = unattached(task, "atomicfs-first-change");
        thread.setDaemon(true);
        thread.start();
    }

    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group != null && group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /** Whether a platform thread of the program, apart from the current one, runs and does not wait for anything. */
    static boolean isAnyOtherRunning() {
        ThreadGroup root = rootGroup(); // has threads of the JVM itself alone
        Thread[] threads = new Thread[2 * root.activeCount() + 8]; // more may be started meanwhile
        int n = root.enumerate(threads);
        for (Thread thread : Arrays.copyOf(threads, n)) {
            Thread.State state = thread.getState();
            boolean runs = state == Thread.State.RUNNABLE || state == Thread.State.BLOCKED;
            if (runs && thread != Thread.currentThread() && thread.getThreadGroup() != root) {
                return true;
            }
        }
        return false;
    }

    /** An identifier that is greater than that of every thread made so far, and less than that of later ones. */
    static long nextId() {
        return unattached(null, "atomicfs-never-started").getId();
    }

    /** Whether it is a virtual thread. Java 17 has no method for that, and calls that one {@code VirtualThread} too. */
    static boolean isVirtual(Thread thread) {
        Class<?> type = thread.getClass();
        return type.getModule() == Object.class.getModule() && type.getName().endsWith("VirtualThread");
    }
}
