package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;

/** What is done when the writer of a write became unreachable before it ended: it is discarded. */
final class Abandonment implements Runnable {
    private final PendingWrite write;
    private volatile boolean off;

    /** @param write must not lead to the writer */
    Abandonment(PendingWrite write) {
        this.write = write;
    }

    /** Says that the write has ended, or needs no watching any more. */
    void switchOff() {
        off = true;
    }

    @Override
    public void run() {
        if (off) {
            return;
        }
        boolean written = write.temporary().isPresent();
        try {
            write.abort();
        } catch (IOException | RuntimeException e) {
            Registry.logger().log(Level.WARNING, Messages.notDiscarded(write.requested()), e);
        }
        if (written) {
            report(write);
        }
    }

    /** Logs that a write was discarded because it was dropped. */
    static void report(PendingWrite write) {
        boolean traced = write.trace() != null;
        Registry.logger().log(Level.WARNING, Messages.neverClosed(write.requested(), traced), write.trace());
    }
}
