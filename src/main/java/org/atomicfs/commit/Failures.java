package org.atomicfs.commit;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;

/** Exceptions as the caller shall see them: about the path that it used, not about a temporary. */
final class Failures {
    private Failures() {}

    /**
     * The same exception about the path that was opened: plain code knows neither the temporary nor the target of a
     * link. Types that an open does not throw are returned as they are.
     */
    static FileSystemException saidOf(Path requested, FileSystemException e) {
        String file = requested.toString();
        if (file.equals(e.getFile())) {
            return e;
        }
        FileSystemException said;
        if (e instanceof NoSuchFileException) {
            said = new NoSuchFileException(file, null, e.getReason());
        } else if (e instanceof AccessDeniedException) {
            said = new AccessDeniedException(file, null, e.getReason());
        } else if (e instanceof BusyException) {
            said = new BusyException(file, e.getReason());
        } else if (e instanceof FileAlreadyExistsException) {
            said = new FileAlreadyExistsException(file, null, e.getReason());
        } else if (e.getClass() == FileSystemException.class) {
            said = new FileSystemException(file, null, e.getReason());
        } else {
            return e;
        }
        said.initCause(e.getCause());
        said.setStackTrace(e.getStackTrace());
        for (Throwable suppressed : e.getSuppressed()) {
            said.addSuppressed(suppressed);
        }
        return said;
    }

    /** Attaches a later exception to the first one, unless a delegate has thrown the same one twice. */
    static void suppress(Throwable first, Throwable later) {
        if (first != later) {
            first.addSuppressed(later);
        }
    }

    static AtomicCommitException notCommitted(Path requested, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "not committed, the destination is unchanged: " + describe(cause),
                cause,
                Outcome.NOT_COMMITTED);
    }

    /** The earlier failure is told and not attached: it may be the one that propagates, to which this is attached. */
    static AtomicCommitException unwound(Path requested, Throwable earlier) {
        return new AtomicCommitException(
                requested.toString(),
                "discarded, an exception was propagating when it was closed; the destination is unchanged"
                        + (earlier == null ? "" : " (the write had failed: " + earlier + ")"),
                null,
                Outcome.NOT_COMMITTED);
    }

    static String neverClosed(Path requested, boolean traced) {
        return requested + ": discarded, it was never closed and nobody can close it any more; the destination is"
                + " unchanged"
                + (traced ? "" : " (org.atomicfs.traceOpens=true tells where it was opened)");
    }

    static AtomicCommitException notRemoved(Path requested, Path temporary, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "not committed, the destination is unchanged; but the temporary %s could not be removed;"
                                .formatted(temporary)
                        + " delete it: "
                        + describe(cause),
                cause,
                Outcome.NOT_COMMITTED);
    }

    static String leftAnchor(Path requested, Throwable cause) {
        return requested + ": committed, but a hidden name beside it is left for its next writer to remove: "
                + describe(cause);
    }

    static AtomicCommitException leftBehind(Path requested, Path temporary, Throwable cause) {
        return new AtomicCommitException(
                requested.toString(),
                "committed, but the temporary %s could not be removed; delete it: %s"
                        .formatted(temporary, describe(cause)),
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

    private static String describe(Throwable cause) {
        return cause == null ? "the write was aborted" : cause.toString();
    }
}
