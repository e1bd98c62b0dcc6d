package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * Files that could not be removed because the JVM itself failed (no memory, no stack), to be removed later: with the
 * next open, or by the shutdown.
 */
final class Unfinished {
    /** Something to be removed; an element of the list itself, since nothing can be allocated then. */
    abstract static class Removal {
        private Removal next;

        /** What is removed, for messages. */
        abstract Path name();

        /** Removes what is still there; may be called again after it threw. */
        abstract void remove() throws IOException;
    }

    private static volatile Removal first;

    private Unfinished() {}

    static synchronized void add(Removal removal) {
        removal.next = first;
        first = removal;
    }

    private static synchronized Removal take() {
        Removal taken = first;
        if (taken != null) {
            first = taken.next;
        }
        return taken;
    }

    /** Removes what is left. What cannot be removed now either is logged, and left to the next writer of the file. */
    static void finishAll() {
        while (first != null) {
            Removal removal = take();
            if (removal == null) {
                return;
            }
            try {
                removal.remove();
            } catch (IOException | RuntimeException e) {
                Registry.logger().log(Level.WARNING, Messages.leftForNextWriter(removal.name()), e);
            } catch (Error again) {
                add(removal);
                throw again;
            }
        }
    }
}
