package org.atomicfs.commit;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.atomicfs.AtomicCommitException;

/** What is told of file systems that do not do what they say. */
final class ProviderMessages {
    static final String NO_ATTRIBUTES =
            "this file system tells nothing about it, not even whether it is a regular file: use a path of the file"
                    + " system itself, without atomicfs";

    private ProviderMessages() {}

    static String notTaken(long taken, long given) {
        return "this file system took " + taken + " bytes of " + given + ", and reported no failure";
    }

    /**
     * After a rename that was reported as done.
     *
     * @param found bytes at the destination; -1 if there is no file
     */
    static AtomicCommitException notMoved(Path requested, long found, long written) {
        return new AtomicCommitException(
                requested.toString(),
                "the file system says that the new file was renamed, but there is "
                        + (found < 0 ? "none" : "one of " + found + " bytes") + " where " + written
                        + " were written: it has lost the content, or another program has changed the file since",
                null,
                AtomicCommitException.Outcome.UNKNOWN);
    }

    /** When a file was changed last, which not all file systems tell. */
    static String age(BasicFileAttributes found) {
        FileTime modified = found.lastModifiedTime();
        return modified == null
                ? "of unknown age"
                : "last modified " + modified + ", "
                        + Duration.between(modified.toInstant(), Instant.now()).toSeconds() + " s ago";
    }

    /** Of a temporary file that is left. */
    static String notRemoved(Path left) {
        return "this file system did not remove " + left + ", and reported no failure: delete that in another way";
    }
}
