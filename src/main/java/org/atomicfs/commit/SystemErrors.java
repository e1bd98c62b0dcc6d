package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Texts that say what is behind an error of the operating system, which itself says little, and what to do. */
final class SystemErrors {
    private SystemErrors() {}

    /** The same failure, with a better reason. */
    static FileSystemException explained(String file, String other, String reason, Throwable cause) {
        FileSystemException explained = new FileSystemException(file, other, reason);
        explained.initCause(cause);
        return explained;
    }

    static AccessDeniedException denied(Path file, String reason, AccessDeniedException cause) {
        AccessDeniedException explained = new AccessDeniedException(file.toString(), null, reason);
        explained.initCause(cause);
        return explained;
    }

    /** What is behind EPERM of rename(2), once the directory has taken the temporary. */
    static String notReplaceable(String reason) {
        return reason + ": the file cannot be replaced, because it is append-only or immutable (lsattr shows that), or"
                + " belongs to another user in a sticky directory; write it by a path of the file system itself,"
                + " without atomicfs";
    }

    static String notForced(IOException e) {
        return e + ": this file system cannot force a file to its device; write with Durability.NONE"
                + " (org.atomicfs.durability=NONE)";
    }

    static String pathTooLong(Path temporary, String reason) {
        return reason + ": the temporary beside it would be " + temporary.getFileName()
                + ", and its path is too long for" + " the system; use a shorter path, for instance a relative one";
    }

    static String mountPoint(String reason) {
        return reason + "; perhaps it is a mount point itself, as a single file in a container is: mount its directory"
                + " instead";
    }

    static String notOpened(Throwable e) {
        return "its file system does not open it in this way: " + e.getMessage();
    }

    static String unreadable() {
        return "it may be written and not read: to change a part of it, its content has to be copied, and so read";
    }

    static String largeCopy(Path file, long size) {
        return file + ": " + size
                + " bytes are copied, because it was opened without TRUNCATE_EXISTING and a part of it is"
                + " changed; write logs and other files that grow by a path of the file system itself, without atomicfs";
    }
}
