package org.atomicfs.commit;

import java.lang.ref.Cleaner;

/** Notices writers that the program has dropped without closing them. */
final class Unclosed {
    private static Cleaner cleaner; // guarded by the class; null until there is one

    private Unclosed() {}

    /**
     * Runs an action once a writer is unreachable, or when {@link Cleaner.Cleanable#clean} is called; not twice.
     *
     * @param action must not lead to the writer
     * @return null where no thread can be started to watch: the writer is then not watched
     */
    static Cleaner.Cleanable watch(Object writer, Runnable action) {
        Cleaner running = cleaner();
        return running == null ? null : running.register(writer, action);
    }

    /** Starts the thread when it is needed first; one that could not be started is tried again the next time. */
    private static synchronized Cleaner cleaner() {
        if (cleaner == null) {
            try {
                cleaner = Cleaner.create();
            } catch (OutOfMemoryError noThread) {
                return null; // limits of the operating system on threads arrive as this error
            }
        }
        return cleaner;
    }
}
