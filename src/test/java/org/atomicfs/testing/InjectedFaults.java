package org.atomicfs.testing;

import java.io.IOException;
import java.nio.file.Path;
import org.atomicfs.testing.ObservedFileSystem.Look;
import org.atomicfs.testing.ObservedFileSystem.Operation;

/** Counts the calls of a file system, and lets one of them fail, or all from one on. */
public final class InjectedFaults implements ObservedFileSystem.Observer {
    /** What is thrown. */
    public enum Kind {
        IO {
            @Override
            void raise() throws IOException {
                throw new IOException("injected");
            }
        },
        RUNTIME {
            @Override
            void raise() {
                throw new IllegalStateException("injected");
            }
        },
        MEMORY {
            @Override
            void raise() {
                throw new OutOfMemoryError("injected");
            }
        };

        abstract void raise() throws IOException;
    }

    /** When it is thrown. */
    public enum Moment {
        /** Instead of one operation. */
        BEFORE,
        /** Although one operation took effect. */
        AFTER,
        /** Instead of one operation and of all that follow, until the program has ended. */
        FROM_THEN_ON
    }

    private int countdown;
    private Kind kind; // null for none
    private Moment moment;
    private int seen;
    private boolean thrown;
    private String failed = "";
    private boolean mayLeaveFiles;

    /**
     * Begins to count anew.
     *
     * @param by null to count only
     * @param at the number of the call that fails, from 1 on
     */
    public synchronized void arm(Kind by, Moment when, int at) {
        kind = by;
        moment = when;
        countdown = at;
        seen = 0;
        thrown = false;
        failed = "";
        mayLeaveFiles = false;
    }

    /** Lets nothing fail any more. */
    public void disarm() {
        arm(null, null, 0);
    }

    /** How many calls there were at the moment that was asked for. */
    public synchronized int seen() {
        return seen;
    }

    /** Whether a call was let fail. */
    public synchronized boolean thrown() {
        return thrown;
    }

    /** The operations that were let fail. */
    public synchronized String failed() {
        return failed.strip();
    }

    /** Whether what was let fail can be what removes a file. */
    public synchronized boolean mayLeaveFiles() {
        return mayLeaveFiles;
    }

    @Override
    public void before(Operation operation, Path file) throws IOException {
        point(operation, false);
    }

    @Override
    public void before(Look look, Path file) throws IOException {
        point(look, false);
    }

    @Override
    public void after(Enum<?> operation, Path file) throws IOException {
        point(operation, true);
    }

    private synchronized void point(Enum<?> operation, boolean after) throws IOException {
        if (after != (moment == Moment.AFTER)) {
            return;
        }
        seen++;
        if (kind != null && (seen == countdown || seen > countdown && moment == Moment.FROM_THEN_ON)) {
            thrown = true;
            failed += " " + operation;
            mayLeaveFiles |= operation == Operation.DELETE // of a name, whose file is looked at before
                    || operation == Look.ATTRIBUTES
                    || operation == Operation.OPEN && moment == Moment.AFTER;
            kind.raise();
        }
    }
}
