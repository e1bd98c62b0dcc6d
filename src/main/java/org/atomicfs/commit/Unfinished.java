package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * What could not be done because the JVM itself failed (no memory, no stack), to be done later, with the next open or
 * by the shutdown: to remove files, and to end writes.
 */
final class Unfinished {
    /** Something to be removed; an element of the list itself, since nothing can be allocated then. */
    abstract static class Removal {
        private Removal next;
        private boolean waiting; // whether it is in the list

        /** What is removed, for messages. */
        abstract Path name();

        /** Removes what is still there; may be called again after it threw. */
        abstract void remove() throws IOException;
    }

    private static volatile Removal first;

    /** Whether a write may have to be ended. Set without a call, where there may be no stack for one. */
    static volatile boolean cutOff;

    private Unfinished() {}

    /** Adds a removal; does nothing if it waits already. */
    static synchronized void add(Removal removal) {
        if (!removal.waiting) {
            removal.waiting = true;
            removal.next = first;
            first = removal;
        }
    }

    private static synchronized Removal takeAll() {
        Removal taken = first;
        first = null;
        return taken;
    }

    private static synchronized Removal next(Removal taken) {
        Removal next = taken.next;
        taken.next = null;
        taken.waiting = false;
        return next;
    }

    /**
     * Ends and removes what is left. What cannot be removed now either is logged, and left to the next writer of the
     * file; what the JVM fails to remove again waits for the next call. That is no reason for the caller to fail: it
     * has to do with other files.
     */
    static void finishAll() {
        if (cutOff) {
            cutOff = false;
            endCutOff();
        }
        if (first == null) {
            return;
        }
        for (Removal removal = takeAll(); removal != null; ) {
            Removal next = next(removal);
            try {
                finish(removal);
            } catch (Error again) {
                add(removal);
            }
            removal = next;
        }
    }

    private static void endCutOff() {
        for (PendingWrite write : Registry.list()) {
            try {
                write.endIfCutOff();
            } catch (IOException | RuntimeException e) {
                Registry.logger().log(Level.WARNING, Messages.notDiscarded(write.requested()), e);
            } catch (Error again) {
                cutOff = true;
            }
        }
    }

    private static void finish(Removal removal) {
        try {
            removal.remove();
        } catch (IOException | RuntimeException e) {
            Registry.logger().log(Level.WARNING, Messages.leftForNextWriter(removal.name()), e);
        }
    }
}
