package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;

/** The texts of exceptions and log records: about the path that the caller used, what is wrong, and what to do. */
final class Messages {
    static final String JVM_ENDS = "the JVM is shutting down";
    static final String SHUTTING_DOWN = JVM_ENDS + ", and only its shutdown hooks can begin to write files any more";
    static final String CUT_OFF = "the JVM had too little memory or stack to end the write";
    static final String UNDER_WAY = "closed while a change of the file was still under way";
    static final String TAKEN_FOR_ABANDONED = "the temporary was taken for an abandoned one";
    static final String COMMITTED_BY_ITS_CLOSE = "an archive is published when the file system in it is closed";
    static final String NO_LONGER_REGULAR = "it is no longer a regular file, so it is not replaced";

    static final String LEADS_ELSEWHERE =
            "it is a symbolic link that does not lead to the file that it names, or that changes all the time";

    static final String CANNOT_REPLACE =
            "it exists, and this file system cannot replace a file in one step (a server of"
                    + " SFTP needs posix-rename@openssh.com for that): write to a new name, or delete the old file first if its"
                    + " readers may find none for a while";

    static final String NOT_RENAMED = "the file system did not rename it, and reported no failure";
    static final String ONLY_WHOLE =
            "it exists, and this file system cannot write a part of a file, only all of it: read"
                    + " it, and write it with TRUNCATE_EXISTING";

    static final String NO_LOCKS =
            "it cannot be locked while it is written: on this file system a copy is written, and a"
                    + " lock on that would exclude no other program; lock another file, by a plain path";

    static final String THIS_JVM = "another writer of this JVM";
    static final String ANOTHER_PROCESS = "another process";
    static final String OTHER_PROCESSES = "other processes";

    private static final String USE_UNIQUE = " TemporaryName.UNIQUE";

    private Messages() {}

    /**
     * The same exception about the path that was opened: plain code knows neither the temporary nor the target of a
     * link. Types that an open does not throw are returned as they are.
     */
    static FileSystemException about(Path requested, FileSystemException e) {
        String file = requested.toString();
        if (file.equals(e.getFile())) {
            return e;
        }
        FileSystemException translated;
        if (e instanceof NoSuchFileException) {
            translated = new NoSuchFileException(file, null, e.getReason());
        } else if (e instanceof AccessDeniedException) {
            translated = new AccessDeniedException(file, null, e.getReason());
        } else if (e instanceof BusyException) {
            translated = new BusyException(file, e.getReason());
        } else if (e instanceof FileAlreadyExistsException) {
            translated = new FileAlreadyExistsException(file, null, e.getReason());
        } else if (e.getClass() == FileSystemException.class) {
            translated = new FileSystemException(file, null, e.getReason());
        } else {
            return e;
        }
        translated.initCause(e.getCause());
        translated.setStackTrace(e.getStackTrace());
        for (Throwable suppressed : e.getSuppressed()) {
            translated.addSuppressed(suppressed);
        }
        return translated;
    }

    /** Attaches a later exception to the first one, unless a delegate has thrown the same one twice. */
    static void suppress(Throwable first, Throwable later) {
        if (first != later) {
            first.addSuppressed(later);
        }
    }

    /** Throws what an operation on files has thrown; does nothing for null. */
    static void rethrow(Throwable thrown) throws IOException {
        if (thrown instanceof Error e) {
            throw e;
        }
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown != null) {
            throw (IOException) thrown;
        }
    }

    static String isTemporary() {
        return "it is the temporary of a write that is under way; wait for that, or have it use" + USE_UNIQUE;
    }

    static String temporaryIsDestination(Path temporary) {
        return "its temporary would be " + temporary + ", which is being written itself; wait for that, or write with"
                + USE_UNIQUE;
    }

    static String busy(String who, Path temporary) {
        return "it is being written by " + who + ", whose temporary is " + temporary + "; wait for it, or write with"
                + USE_UNIQUE + " if the last commit shall win";
    }

    /** As {@link #busy(String, Path)}, where the writer is known. */
    static String busy(PendingWrite holder, Path temporary) {
        return busy(THIS_JVM + " (" + openedBy(holder) + ")", temporary)
                + "; if a library has left it open, AtomicFiles.pending(path) finds it to abort() it";
    }

    /** Who writes: the thread, for how long, and from where if that is known. */
    static String openedBy(PendingWrite write) {
        String by = "opened by thread '" + write.thread().getName() + "' "
                + write.age().toMillis() + " ms ago";
        StackTraceElement[] trace =
                write.trace() == null ? new StackTraceElement[0] : write.trace().getStackTrace();
        for (StackTraceElement frame : trace) {
            if (!LibraryFrames.isBelow(frame.getClassName())) {
                return by + " at " + frame;
            }
        }
        return by;
    }

    static String unknownFile(Path found, BasicFileAttributes attributes) {
        return "it cannot be written while there is a file " + found + " ("
                + ProviderMessages.age(attributes) + "), which is not known to be an"
                + " abandoned temporary; if no program uses it any more delete it, or write with" + USE_UNIQUE;
    }

    static String cannotBeCreated(Path temporary) {
        return "its temporary " + temporary + " cannot be created beside it: permission denied";
    }

    /**
     * Why the temporary has not its name any more.
     *
     * @param replaced whether another file has the name
     * @param elsewhere the directory that it is in now; null if that is not known
     * @param anchor null without one
     */
    static FileSystemException notThere(boolean replaced, Path elsewhere, Path temporary, Path anchor) {
        String reason;
        if (elsewhere != null) {
            reason = "its directory was renamed or switched for another one while it was written, and is now "
                    + elsewhere + "; the temporary is removed there";
        } else {
            reason = (replaced ? "the temporary was replaced by another file" : "the temporary was removed")
                    + ", or its directory was renamed: if you find " + temporary.getFileName()
                    + (anchor == null ? "" : " and " + anchor.getFileName()) + " in another place, delete it";
        }
        return replaced
                ? new FileSystemException(temporary.toString(), null, reason)
                : new NoSuchFileException(temporary.toString(), null, reason);
    }

    static String wrongSize(long written, long found) {
        return "the temporary has " + found + " bytes, and not the " + written + " that were written: another program"
                + " has changed it";
    }

    static String ownerNotGiven(Path file, String what, Object wanted, IOException e) {
        return ("%s: the old file has %s=%s, which this process may not give to the new one (%s): it is the writer's own"
                        + " now, with no more permission for others than before; org.atomicfs.keepOwner=true makes such"
                        + " writes fail. Only the first one of this JVM is logged.")
                .formatted(file, what, wanted, e);
    }

    static String ownerRefused(String what, Object wanted) {
        return "the old file has " + what + "=" + wanted + ", which this process may not give to the new one, and"
                + " org.atomicfs.keepOwner is true";
    }

    static AtomicCommitException notCommitted(Path requested, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "not committed, the destination is unchanged: " + describe(cause),
                cause,
                Outcome.NOT_COMMITTED);
    }

    /**
     * Names the earlier failure and does not attach it: it may be the one that propagates, to which this is attached.
     */
    static AtomicCommitException unwound(Path requested, Throwable earlier) {
        return new AtomicCommitException(
                requested.toString(),
                "discarded, an exception was propagating when it was closed; the destination is unchanged"
                        + (earlier == null ? "" : " (the write had failed: " + earlier + ")"),
                null,
                Outcome.NOT_COMMITTED);
    }

    static String neverClosed(Path requested, boolean traced) {
        return requested
                + ": discarded, it was never closed, and the program has dropped it; the destination is unchanged"
                + (traced ? "" : " (org.atomicfs.traceOpens=true tells where it was opened)");
    }

    static String notDiscarded(Path requested) {
        return "could not discard the write of " + requested;
    }

    /** What was written is discarded, but is still there. */
    static AtomicCommitException notRemoved(Path requested, Path temporary, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "not committed, the destination is unchanged; but the temporary " + temporary
                        + " could not be removed; delete it, and the hidden name beside it: " + describe(cause),
                cause,
                Outcome.NOT_COMMITTED);
    }

    /** For the log, which has the stack trace at a finer level. */
    static String inOneLine(Throwable e) {
        return oneLine(e.getMessage() + " (the stack trace is logged at level DEBUG)");
    }

    static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }

    static String leftForNextWriter(Path temporary) {
        return temporary + ": could not be removed; the next writer of its file will remove it";
    }

    static String leftAnchor(Path requested, Throwable cause) {
        return requested + ": committed, but a hidden name beside it is left for its next writer to remove: "
                + describe(cause);
    }

    static AtomicCommitException leftBehind(Path requested, Path temporary, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "committed, but the temporary " + temporary + " could not be removed; delete it: " + describe(cause),
                cause,
                Outcome.COMMITTED);
    }

    /** The worst that can become of a replacement: only the temporary is left. */
    static AtomicCommitException onlyInTemporary(Path requested, Path temporary, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "the file system has deleted the old file, and then failed to rename the new one: its complete content"
                        + " is in " + temporary + "; rename that to " + requested.getFileName() + ": "
                        + describe(cause),
                cause,
                Outcome.INCOMPLETE);
    }

    /** The temporary is left as well: it may be the only copy. */
    static AtomicCommitException unknownOutcome(Path requested, Path temporary, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "the rename was reported as failed, and it cannot be seen whether it was done: look whether the file has"
                        + " the new content; if not, that is in " + temporary + ": " + describe(cause),
                cause,
                Outcome.UNKNOWN);
    }

    static String deletedFirst(Path requested) {
        return requested
                + ": published, but this file system has deleted the old file first: for a moment there was none";
    }

    static AtomicCommitException sourceStays(Path source, Path target, Throwable cause) {
        return new AtomicCommitException(
                target.toString(),
                "it has the content of " + source + ", which could not be deleted and is there as well: "
                        + describe(cause),
                cause,
                Outcome.COMMITTED);
    }

    static AtomicCommitException notDurable(Path requested, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "the new content is visible, but its directory could not be forced, so a power cut may bring"
                        + " the old content back: "
                        + describe(cause),
                cause,
                Outcome.VISIBLE_NOT_DURABLE);
    }

    /** It is not the file any more that was opened, or locked. */
    static final String REPLACED = "it was replaced by another file after it was opened; open it again";

    private static String describe(Throwable cause) {
        return cause == null ? "the write was aborted" : cause.toString();
    }
}
