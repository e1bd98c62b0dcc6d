package org.atomicfs.commit;

import java.lang.System.Logger.Level;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.unwind.Unwinding;

/**
 * Tells the log that a write was not published: in one line, since many libraries swallow what {@code close()} throws,
 * and once. Used under the monitor of its {@link Ending}.
 */
final class Report {
    private boolean given;
    private volatile AtomicCommitException last;

    /**
     * Throws an exception, unless it would hide the one that is propagating: then it is for the log alone. The log gets
     * no line where the exception is attached to another one that the caller gets, or the failure is known to whom it
     * concerns.
     */
    void give(AtomicCommitException failed, Unwinding unwinding) throws AtomicCommitException {
        log(failed, unwinding != Unwinding.ATTACHES && unwinding != Unwinding.FOLLOWS_FAILURE);
        if (!unwinding.hides()) {
            throw failed;
        }
    }

    /** Tells the log alone. */
    void log(AtomicCommitException failed) {
        log(failed, true);
    }

    /** What was told last; null if nothing was. */
    AtomicCommitException last() {
        return last;
    }

    private void log(AtomicCommitException failed, boolean line) {
        last = failed;
        if (line && !given) {
            given = true;
            Registry.logger().log(Level.WARNING, Messages.inOneLine(failed));
        }
        Registry.logger().log(Level.DEBUG, failed.getMessage(), failed);
    }
}
