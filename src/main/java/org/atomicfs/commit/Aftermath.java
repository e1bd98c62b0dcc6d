package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * What is at the destination after a rename that was reported as failed. Nothing is said of it that was not looked at.
 */
enum Aftermath {
    /** The new content: a file system can do what it says it could not. */
    NEW,
    /** What was there before. */
    OLD,
    /** The old file is gone, and the new one is still in the temporary. */
    DELETED,
    /** It cannot be seen, because a connection was lost perhaps. */
    UNKNOWN;

    /**
     * Looks.
     *
     * @param before the file at the destination that the delegate may have deleted or overwritten; null if there was
     *     none
     * @param failure what the rename ended with
     */
    static Aftermath look(
            Delegate delegate, Claim claim, Path destination, BasicFileAttributes before, Throwable failure) {
        if (claim.file().isAt(destination)) {
            return NEW;
        }
        if (delegate.isUnix()) {
            return OLD;
        }
        try {
            BasicFileAttributes there = delegate.attributesIfExists(destination);
            boolean temporary = delegate.attributesIfExists(claim.temporary()) != null;
            if (!temporary && there != null && claim.file().key() == null) {
                return NEW;
            }
            if (there == null && before != null) {
                return temporary ? DELETED : UNKNOWN;
            }
            boolean trusted = Delegate.isBuiltIn(destination.getFileSystem()) || isRefusal(failure);
            if (there != null
                    && !trusted
                    && !isSame(before, there, destination, temporary ? claim.temporary() : null)) {
                return UNKNOWN; // there are providers that copy, and then fail to delete
            }
            return temporary || claim.file().key() != null ? OLD : UNKNOWN;
        } catch (IOException | RuntimeException unknown) {
            return UNKNOWN;
        }
    }

    /** Whether it was not even tried, because there is a file. */
    private static boolean isRefusal(Throwable failure) {
        return failure instanceof FileAlreadyExistsException
                || failure instanceof FileSystemException e && Messages.CANNOT_REPLACE.equals(e.getReason());
    }

    /**
     * Whether the file that is there is the one from before, and has its content.
     *
     * @param before null if there was none
     * @param temporary null if it is gone
     */
    private static boolean isSame(BasicFileAttributes before, BasicFileAttributes now, Path destination, Path temporary)
            throws IOException {
        if (before == null
                || !Objects.equals(before.fileKey(), now.fileKey())
                || before.size() != now.size()
                || !Objects.equals(before.lastModifiedTime(), now.lastModifiedTime())) {
            return false;
        }
        // a time without fractions of a second says little of the last moments
        boolean exact = now.lastModifiedTime() != null
                && now.lastModifiedTime().toInstant().getNano() != 0;
        return exact || temporary == null || ContentCopy.differAtTheBeginning(destination, temporary);
    }
}
