package org.atomicfs.commit;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What is done after a rename that ended with an exception, of whatever kind: a provider may throw any, and may have
 * deleted the old file before. For one failure.
 */
final class FailedRename {
    private final Path requested; // for messages
    private final Destination destination;
    private final Claim claim;
    private final BasicFileAttributes before; // of the file that was to be replaced; null if there was none
    private Claim.Outcome outcome;

    FailedRename(Path requested, Destination destination, Claim claim, BasicFileAttributes before) {
        this.requested = requested;
        this.destination = destination;
        this.claim = claim;
        this.before = before;
    }

    /** How the claim ends, once the new content is at the destination. */
    Claim.Outcome outcome() {
        return outcome;
    }

    /**
     * Looks what is at the destination. Returns whether it is the new content; if not, the rename may succeed in a
     * moment.
     *
     * @param again whether it may be tried once more
     */
    boolean isDoneAfter(Throwable failure, boolean again) throws IOException {
        Aftermath found = Aftermath.look(destination.delegate(), claim, destination.path(), before, failure);
        if (failure instanceof Error error) {
            if (found == Aftermath.DELETED || found == Aftermath.UNKNOWN) {
                claim.release(Claim.Outcome.KEPT); // it may be the last copy
            }
            throw error;
        }
        switch (found) {
            case NEW -> outcome = Claim.Outcome.LINKED; // a network file system may report a failure of what it did
            case DELETED -> outcome = moveToDeleted(failure);
            case UNKNOWN -> {
                claim.release(Claim.Outcome.KEPT);
                throw Messages.unknownOutcome(requested, claim.temporary(), failure);
            }
            case OLD -> {
                if (failure instanceof RuntimeException unexpected) {
                    throw unexpected;
                }
                IOException e = (IOException) failure;
                if (!again || !destination.delegate().mayPass(e)) {
                    throw explained(e);
                }
            }
        }
        return outcome != null;
    }

    /**
     * The file system has deleted the old file, and then not renamed the new one. Tries that once more; where it fails
     * again the temporary is the last copy that there is, and stays.
     */
    private Claim.Outcome moveToDeleted(Throwable e) throws IOException {
        try {
            destination.delegate().moveToFreeName(claim.temporary(), destination.path());
        } catch (IOException | RuntimeException again) {
            Messages.suppress(e, again);
            claim.release(Claim.Outcome.KEPT);
            throw Messages.onlyInTemporary(requested, claim.temporary(), e);
        }
        Registry.logger().log(Level.WARNING, Messages.deletedFirst(requested));
        return Claim.Outcome.RENAMED;
    }

    /** EBUSY and EPERM, which the JDK gives by their texts alone, say little of what is wrong, rename(2). */
    private IOException explained(IOException e) {
        String reason = e instanceof FileSystemException it ? String.valueOf(it.getReason()) : "";
        String told;
        if (reason.contains("busy")) {
            told = SystemErrors.mountPoint(reason); // a file that is mounted itself
        } else if (reason.equals(NotPermitted.TEXT)) {
            told = SystemErrors.notReplaceable(reason);
        } else {
            return e;
        }
        return SystemErrors.explained(destination.path().toString(), null, told, e);
    }
}
