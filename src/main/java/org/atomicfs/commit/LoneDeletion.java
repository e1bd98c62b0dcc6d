package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.atomicfs.Durability;

/** Deletes the only member of a transaction. What fails after that does not say that nothing has changed. */
final class LoneDeletion {
    private final Delegate delegate;
    private final Path requested; // for messages
    private final Path destination;
    private final Claim claim;
    private final Durability durability;

    LoneDeletion(Path requested, Path destination, Claim claim, Durability durability) {
        delegate = Delegate.of(destination);
        this.requested = requested;
        this.destination = destination;
        this.claim = claim;
        this.durability = durability;
    }

    /** Deletes the file, and ends the claim. An interrupt that came before is put off until the end. */
    void run() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            delete();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void delete() throws IOException {
        try {
            Delegate.provider(destination).deleteIfExists(destination);
        } catch (IOException | RuntimeException e) {
            if (!isGone(e)) {
                throw e;
            }
        }
        try {
            release();
            if (durability == Durability.FULL) {
                delegate.forceDirectory(destination.getParent());
            }
        } catch (IOException | RuntimeException e) {
            throw TransactionMessages.doneAlthough(requested, durability, e);
        }
    }

    /** A file system can delete a file and report a failure. */
    private boolean isGone(Exception reported) throws IOException {
        try {
            return delegate.attributesIfExists(destination) == null;
        } catch (IOException | RuntimeException unknown) {
            Messages.suppress(reported, unknown);
            throw TransactionMessages.notKnown(requested, reported);
        }
    }

    private void release() throws IOException {
        try {
            claim.release(Claim.Outcome.DISCARDED);
        } catch (IOException | RuntimeException e) {
            if (!claim.isAnchored()) {
                throw e;
            }
            Registry.logger().log(Level.WARNING, Messages.leftAnchor(requested, e)); // the next writer removes it
        }
    }
}
