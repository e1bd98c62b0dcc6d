package org.atomicfs.commit;

import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.Durability;

/** The texts of exceptions and log records about transactions: what is wrong, and what to do. */
public final class TransactionMessages {
    static final String NO_LOCKS =
            "transactions need file locks, by which others see that they live, and this file" + " system has none";
    static final String NO_KEYS =
            "transactions need files that have keys, by which a recovery knows them again, and this"
                    + " file system gives none";
    static final String IN_PLACE = "it cannot be a member of a transaction, since it can only be written in place";
    static final String MEMBER_ALREADY =
            "it is a member of this transaction already: a transaction writes each file once";
    static final String NOT_DELETED =
            "it was deleted by this transaction and then opened, but nothing was written: neither of both can be meant";
    static final String ENDED = "its transaction has ended, or is prepared: nothing can join it any more";
    static final String IN_ARCHIVE =
            "a directory cannot be moved within an archive; write the archive as a whole, as an"
                    + " atomic file, or its files one by one";
    static final String ROOT = "it is the root of a file system, beside which nothing can be";
    static final String DIRECTORY = "it is a directory: only files can be members of a transaction";
    static final String NOT_A_FILE =
            "it is neither a regular file nor a symbolic link, and cannot be deleted by a" + " transaction";
    static final String ONLY_REGULAR = "only regular files can be moved or copied by a transaction";
    static final String OF_PLAIN = "a plain path cannot be moved into a transaction, since it would be gone before the"
            + " commit; move AtomicFiles.atomic(source), or copy it";
    static final String DROPPED =
            ": a transaction was rolled back: it was never closed, and the program has dropped it";
    static final String REPLACED = "it was replaced by another program after it was opened";
    static final String MOUNTED = "a file system is mounted on it, so that it cannot be replaced";

    private static final String ARCHIVE =
            "an archive is no member of a transaction while a zip file system has it open: read it by its own path; write"
                    + " a new one to the transaction's path as a file, for example by a ZipOutputStream";
    private static final String DIRECTORY_AT_ONCE =
            "a directory that is written at once is published by itself, so it cannot be a member of a transaction: write"
                    + " it by its own path, or its files one by one through the transaction";
    private static final String COMPARED =
            "a file that turns out to have the content already cannot leave a transaction any more: compare it first, by"
                    + " its own path, and write it through the transaction if it differs";
    static final String NO_CHANNELS =
            "its provider has no newFileChannel, by which files are locked and forced, so it has no transactions of"
                    + " several files: write each by itself";
    static final String NOT_FORCED =
            "its provider has no newFileChannel, by which files are forced: write the directory with Durability.NONE";
    static final String STILL_WRITTEN =
            "it was still being written when the directory was complete, so the directory was not published: close it"
                    + " before the action returns";

    static final String NOT_ENDED =
            "its transaction had not ended when the directory was complete, so the directory was not published: commit it,"
                    + " or roll it back, before the action returns";

    private TransactionMessages() {}

    /** Why the JDK's zip file system does not open an archive through a transaction. */
    public static FileSystemException archive(Path archive) {
        return new FileSystemException(archive.toString(), null, ARCHIVE);
    }

    /** Why a transaction does not write a directory at once. */
    public static FileSystemException directoryAtOnce(Path target) {
        return new FileSystemException(target.toString(), null, DIRECTORY_AT_ONCE);
    }

    /** Why a member is not written on condition that its content differs. */
    public static FileSystemException compared(Path file) {
        return new FileSystemException(file.toString(), null, COMPARED);
    }

    /** Why a plain file is not moved. */
    public static FileSystemException plainSource(Path target) {
        return new FileSystemException(target.toString(), null, OF_PLAIN);
    }

    static String temporaryGone(Path temporary) {
        return "its temporary " + temporary.getFileName() + " is not there any more, or was changed";
    }

    static String changed(Path temporary) {
        return "another program has changed its temporary " + temporary
                + " after the transaction was committed; put its"
                + " content in order and rename it to the file, or delete it, and recover again";
    }

    static String superseded(Path destination, Path intent) {
        return destination + ": another program has written it after the transaction " + intent.getFileName()
                + " was committed; it stays as that program made it";
    }

    static FileSystemException directoryNotEmpty(Path requested, Path target, Throwable cause) {
        Path whole = target.toAbsolutePath().normalize(); // also of "." and ".."
        Path name = whole.getFileName();
        String reason =
                "it is a directory that is not empty (or, on this file system, any), which no rename can replace: ";
        reason += name == null
                ? "name one that is not a root"
                : "make it a symbolic link, once, by cd " + whole.getParent() + "; mv " + name + " " + name
                        + ".first; ln -s " + name + ".first " + name
                        + ", and each write then makes a new generation beside it";
        return SystemErrors.explained(requested.toString(), null, reason, cause);
    }

    /** Why a transaction is not committed, or rolled back, again. */
    static String ended(boolean committed) {
        return committed
                ? "the transaction is committed already"
                : "the transaction was rolled back, or its commit failed";
    }

    /** Of a file that another one than its transaction wants to write. */
    static String member(Path temporary) {
        return "it is a member of a transaction of this JVM that has not ended, whose temporary is " + temporary
                + "; commit that, or roll it back, before";
    }

    /** Of a temporary that no process has locked. */
    static String perhapsMember(Path temporary, Path transaction) {
        return "its temporary " + temporary + " may belong to the transaction " + transaction
                + ", which another process has not ended yet; wait for that";
    }

    /** A dead process's transaction that cannot be recovered. */
    static FileSystemException notRecovered(Path intent, String reason) {
        return new FileSystemException(
                intent.toString(), null, "the transaction of a process that died cannot be recovered: " + reason);
    }

    static String otherUser(Object owner) {
        return "it belongs to user " + owner + ": let that user call AtomicFiles.recover, or the command recover";
    }

    static String rootMissing(Path root) {
        return "its directory " + root + " is not there, or is another one: mount it, or delete this file if that"
                + " directory is gone for good";
    }

    static String directoryMissing(Path directory) {
        return "its member's directory " + directory
                + " is not there, or is another one: mount it, or delete the intent if"
                + " that directory is gone for good";
    }

    static String otherVersion(String reason) {
        return reason + "; recover it with the version that wrote it, or delete it: then what is not published yet is"
                + " discarded";
    }

    static AtomicCommitException notCommitted(Path about, Throwable cause) {
        return new AtomicCommitException(
                about.toString(),
                "the transaction is not committed, and all its members are unchanged: " + cause,
                cause,
                Outcome.NOT_COMMITTED);
    }

    static AtomicCommitException memberFailed(Path member, Throwable cause) {
        return new AtomicCommitException(
                member.toString(),
                "this member failed, so the transaction is not committed, and all its members are unchanged: "
                        + (cause == null
                                ? "it was aborted, or closed while an exception was propagating"
                                : cause.toString()),
                cause,
                Outcome.NOT_COMMITTED);
    }

    static AtomicCommitException incomplete(Path intent, Throwable cause) {
        return new AtomicCommitException(
                intent.toString(),
                "the transaction is committed, but not all its members are published yet; AtomicFiles.recover("
                        + intent.getParent() + ") completes it: " + cause,
                cause,
                Outcome.INCOMPLETE);
    }

    static AtomicCommitException unknown(Path intent, Throwable cause) {
        return new AtomicCommitException(
                intent.toString(),
                "it is not known whether the transaction is committed; AtomicFiles.recover(" + intent.getParent()
                        + ") completes it if this file is there, and discards it otherwise: " + cause,
                cause,
                Outcome.INCOMPLETE);
    }

    /** Of one file, or one directory, that is written or deleted by a single step, which was done. */
    static AtomicCommitException doneAlthough(Path requested, Durability durability, Throwable cause) {
        boolean durable = durability != Durability.FULL;
        return new AtomicCommitException(
                requested.toString(),
                (durable
                                ? "committed; only what had to be done after that failed: "
                                : "committed and visible, but it is not known to be durable, so a power cut may take it"
                                        + " back: ")
                        + cause,
                cause,
                durable ? Outcome.COMMITTED : Outcome.VISIBLE_NOT_DURABLE);
    }

    /** Of a single step that was reported as failed, where it cannot be seen whether it was done. */
    static AtomicCommitException notKnown(Path requested, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "the last step was reported as failed, and it cannot be seen whether it was done: look whether it is old"
                        + " or new: " + cause,
                cause,
                Outcome.UNKNOWN);
    }

    /** Whether a commit that failed may have changed something. */
    static boolean mayHaveChanged(Throwable failure) {
        return failure instanceof AtomicCommitException known && known.outcome() != Outcome.NOT_COMMITTED;
    }

    static AtomicCommitException left(Path root, Throwable cause) {
        return new AtomicCommitException(
                root.toString(),
                "all members of the transaction are published, but something that is hidden beside them could not be"
                        + " removed; AtomicFiles.recover does that: " + cause,
                cause,
                Outcome.COMMITTED);
    }
}
