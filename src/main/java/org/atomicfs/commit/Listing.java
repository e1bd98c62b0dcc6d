package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Keeps the temporaries of this JVM out of one listing of a directory. Costs nothing while nothing is written, and one
 * comparison, or a look into a table, for each name that ends in {@code .tmp} otherwise.
 */
public final class Listing {
    private final long begun = Registry.now();
    private final long reservations = Registry.reservations();
    private final String[] names = Registry.fewNames(); // read last; null if they are many

    /**
     * Whether an entry is to be listed. One that was a temporary when the directory was read, and is gone by now, is
     * not: no file that could have been there is missing by that.
     *
     * @param entry a plain path, below the directory as the caller named it
     */
    public boolean shows(Path entry) {
        if (Registry.isQuietSince(begun)) {
            return true;
        }
        String path = entry.toString();
        if (!TemporaryNames.isPossible(path) && !TransactionNames.isPossible(path)) {
            return true;
        }
        if (isOfNone(path)) {
            return true;
        }
        String separator = entry.getFileSystem().getSeparator();
        String name = path.substring(path.lastIndexOf(separator) + 1); // getFileName takes three times as long
        if (Registry.stateOf(name, begun) == Registry.Name.UNKNOWN) {
            return true;
        }
        if (Registry.isReserved(entry)) {
            return false;
        }
        try { // its path may lead to the same directory by another way
            var found = Delegate.of(entry).attributesIfExists(entry);
            return found != null && !Registry.isClaimed(entry, found.fileKey()) && !Registry.isReserved(entry);
        } catch (IOException unknown) {
            return true;
        }
    }

    /** Whether no temporary has, or has had since the listing began, the last name of a path. A quick answer. */
    private boolean isOfNone(String path) {
        if (names == null || Registry.reservations() != reservations || Registry.now() != begun) {
            return false; // not known
        }
        for (String name : names) {
            if (path.endsWith(name)) {
                return false;
            }
        }
        return true;
    }
}
