package org.atomicfs.commit;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * What is to be done where an atomic write is refused, and the program does not know that it writes atomically: it
 * expects of its paths what plain paths do.
 */
public final class Refusal {
    /** To open the file in place would empty it, and then fail as well. */
    private static final String[] LACKS = {"No space left on device", "Disk quota exceeded", "Too many open files"};

    private Refusal() {}

    /**
     * Whether it is for the name of the temporary, which another file or another write has, and so not for a temporary
     * with a name of its own. A file that must not be there excludes others by that name.
     */
    public static boolean isOfName(FileSystemException e, boolean createsNew) {
        return !createsNew && e instanceof FileAlreadyExistsException;
    }

    /** Whether a plain path would perhaps have opened the file, or would have said better why not. */
    public static boolean isOfAtomicOpen(FileSystemException e) {
        if (e instanceof BusyException) {
            return false; // what another writer has is not to be torn
        }
        String reason = String.valueOf(e.getReason());
        for (String lack : LACKS) {
            if (reason.contains(lack)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a copy was refused before any of it was written, and not for its source: the JDK's own copying deletes
     * the target before it opens the source.
     */
    public static boolean isOfCopy(FileSystemException e, Path target) {
        return e instanceof ShuttingDownException
                || e instanceof AccessDeniedException && target.toString().equals(e.getFile());
    }
}
