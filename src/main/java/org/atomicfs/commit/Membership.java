package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;
import org.atomicfs.AtomicWrite.Status;

/** The part of one write in a transaction, if it is a member of one. Safe for use by several threads. */
final class Membership {
    private final Path requested;
    private final Destination destination;
    private final Handover handover; // null if it is no member
    private volatile boolean accepted; // whether the transaction has accepted it
    private volatile boolean handedOut; // whether the caller has the writer

    Membership(Path requested, Destination destination, Handover handover) {
        this.requested = requested;
        this.destination = destination;
        this.handover = handover;
    }

    /** The transaction; null if it is no member. */
    Handover handover() {
        return handover;
    }

    void begin() throws IOException {
        if (handover != null) {
            handover.begin(requested, destination);
            accepted = true;
        }
    }

    void handedOut() {
        handedOut = true;
    }

    /** Aborts all writes of a transaction. */
    static void abortAll(Handover transaction, IOException reason) {
        for (PendingWrite write : Registry.list()) {
            if (Handover.of(write.owner()) == transaction) {
                Registry.abort(write, reason.getMessage());
            }
        }
    }

    /** Says that the write has ended. */
    void ended(Ending ending) {
        if (accepted) {
            if (handedOut && ending.status() == Status.DISCARDED) {
                handover.failed(requested, ending.cause());
            }
            handover.ended(requested, destination);
        }
    }
}
