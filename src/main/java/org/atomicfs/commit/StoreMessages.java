package org.atomicfs.commit;

import java.nio.file.Path;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;

/** As {@link Messages}, about objects of a store that are uploaded. */
final class StoreMessages {
    private static final String STORE = "an object store has no ";

    private StoreMessages() {}

    static String noDeleteOnClose(Path path) {
        return path + ": DELETE_ON_CLOSE: an object appears when it is complete, so there is nothing to delete; write a"
                + " local file, or delete the object yourself";
    }

    static String noAttributes(Path path, String attribute) {
        return path + ": '" + attribute + "' cannot be set: " + STORE + "such attributes of objects; open it without";
    }

    static String noLocks() {
        return STORE + "locks: a lock on the local temporary would exclude no other writer; lock another file, or have"
                + " one writer only";
    }

    static String noDirectories() {
        return STORE
                + "directories that could appear at once: write its objects one by one, and last the one that leads"
                + " to them";
    }

    static String noAtomicMove() {
        return STORE + "rename: an object is copied and then deleted; move it without ATOMIC_MOVE";
    }

    static String notKept(Path directory, Exception cause) {
        return "its content cannot be kept in " + directory + " until it is uploaded (" + cause + "); have that"
                + " directory created, or set org.atomicfs.stagingDirectory to another one";
    }

    static String wrongSize(long sent, long found) {
        return "the store says that the object has " + found + " bytes, and not the " + sent + " that were uploaded";
    }

    static String notAllRead(long sent, long size) {
        return "only " + sent + " bytes of the temporary's " + size + " could be read";
    }

    static String notStopped(Path object) {
        return object
                + ": its failed upload could not be ended, as this version of the S3 provider is not known: do not"
                + " close its file system, which would upload what there is, before the object is written again";
    }

    static AtomicCommitException replacedMeanwhile(Path requested, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "not committed; another writer has replaced the object meanwhile: " + cause,
                cause,
                Outcome.NOT_COMMITTED);
    }

    static AtomicCommitException perhapsAnothers(Path requested, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "the upload of a new object failed, and there is one with just this content: it is this one, or another"
                        + " writer's: "
                        + cause,
                cause,
                Outcome.UNKNOWN);
    }

    static AtomicCommitException unknown(Path requested, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "the upload failed, and then the store could not be asked what became of it: the object is the old one"
                        + " or the new one, complete; look at it, and write it again if it is the old one: "
                        + cause,
                cause,
                Outcome.UNKNOWN);
    }

    /** The worst that can become of an upload: only the local file has the content. */
    static AtomicCommitException onlyHere(Path requested, Path kept, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "the upload failed, and the store has neither the old object nor the new one, complete: the new content"
                        + " is in " + kept + "; upload that: " + cause,
                cause,
                Outcome.INCOMPLETE);
    }
}
