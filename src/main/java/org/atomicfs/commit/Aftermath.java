package org.atomicfs.commit;

import java.io.IOException;
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
     */
    static Aftermath look(Delegate delegate, Claim claim, Path destination, BasicFileAttributes before) {
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
            if (there != null && before != null && !isSame(before, there)) {
                return UNKNOWN; // there are providers that copy, and then fail to delete
            }
            return temporary || claim.file().key() != null ? OLD : UNKNOWN;
        } catch (IOException | RuntimeException unknown) {
            return UNKNOWN;
        }
    }

    private static boolean isSame(BasicFileAttributes before, BasicFileAttributes now) {
        return Objects.equals(before.fileKey(), now.fileKey()) && before.size() == now.size();
    }
}
