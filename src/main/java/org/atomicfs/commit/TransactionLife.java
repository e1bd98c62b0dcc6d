package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** The life of one transaction in this JVM: what ends it if the program does not. */
final class TransactionLife {
    private final Path root;
    private final boolean ofShutdownHook;
    private volatile LiveTransactions.Live live; // null until it has begun
    private volatile Cleaner.Cleanable unclosed; // what is done when the program drops it
    private boolean ended; // guarded by this

    private TransactionLife(Path root, boolean ofShutdownHook) {
        this.root = root;
        this.ofShutdownHook = ofShutdownHook;
    }

    /** Announces one that is about to begin; is to be followed by {@link #begun}, and at the end by {@link #end}. */
    static TransactionLife enter(Path root) throws FileSystemException {
        StackReserve.check();
        Unfinished.finishAll();
        return new TransactionLife(root, Shutdown.enter(root));
    }

    /**
     * Says that it has begun, or that it could not.
     *
     * @param begun null if it could not
     */
    void begun(LiveTransactions.Live begun) {
        live = begun;
        if (begun != null) {
            LiveTransactions.add(begun, ofShutdownHook);
        }
        Shutdown.leave();
        if (begun == null) {
            end();
        }
    }

    /** Rolls back when the object by which the program uses it, and alone can commit, becomes unreachable. */
    void watch(Object user) {
        LiveTransactions.Live watched = live;
        Path of = root;
        unclosed = Unclosed.watch(user, () -> drop(watched, of));
    }

    private static void drop(LiveTransactions.Live dropped, Path root) {
        try {
            if (dropped.abort(new IOException("its transaction was dropped"))) {
                Registry.logger().log(Level.WARNING, root + TransactionMessages.DROPPED);
            }
        } catch (IOException | RuntimeException e) {
            Registry.logger().log(Level.WARNING, root + TransactionMessages.DROPPED, e);
        }
    }

    /** Says that it has ended, or could not begin; does nothing the second time. */
    void end() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        if (live != null) {
            LiveTransactions.remove(live);
        }
        Shutdown.ended();
        if (unclosed != null) {
            unclosed.clean();
        }
    }
}
