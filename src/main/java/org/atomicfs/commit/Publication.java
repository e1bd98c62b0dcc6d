package org.atomicfs.commit;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.Durability;

/**
 * From a complete temporary to the destination: the second half of the commit protocol, in the order in which it
 * happens.
 *
 * @param requested the destination as the caller named it, for messages
 * @param destination the file to replace or create
 * @param exclusive whether a file that is there must not be replaced
 * @param durability what is forced
 */
public record Publication(Path requested, Path destination, boolean exclusive, Durability durability) {
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(512); // together about a second

    /** Gives the temporary the attributes that the published file shall have. */
    @FunctionalInterface
    public interface Finish {
        /** Returns whether it did anything to the file, which may have dropped the lock on it. */
        boolean apply(Path temporary) throws IOException;
    }

    /**
     * Publishes. Whatever is thrown, the temporary is gone afterwards, or the exception says that it is not.
     *
     * <p>An interrupt that came before is put off until the end: everything was written, and closing a plain file
     * succeeds in an interrupted thread.
     *
     * @param content the channel or stream that the temporary was written through; closed here
     */
    <T extends Closeable & Flushable> void publish(Claim claim, T content, Finish attributes) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            boolean linked;
            try {
                prepare(claim, content, attributes);
                linked = exclusive && link(claim);
                if (!linked) {
                    rename(claim);
                }
            } catch (Throwable e) {
                throw discard(claim, content, e);
            }
            finish(claim, linked);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Everything up to the rename; the content is closed, so that no failure of that is missed. */
    private <T extends Closeable & Flushable> void prepare(Claim claim, T content, Finish attributes)
            throws IOException {
        content.flush();
        if (attributes.apply(claim.temporary())) {
            claim.lockAgain();
        }
        if (durability != Durability.NONE) {
            claim.force();
        }
        content.close();
        if (claim.isAnchored()) { // nobody gives the name of another one to a file, so that one can do without a lock
            claim.lockAgain();
        }
        claim.verify();
    }

    /**
     * Publishes without ever overwriting. Returns false where the delegate has no links: then the best that it offers
     * is a move that refuses to replace. In-memory file systems decide that under their own lock; on a real one without
     * links (FAT) another process can come in between.
     */
    private boolean link(Claim claim) throws IOException {
        try {
            provider().createLink(destination, claim.temporary());
            return true;
        } catch (FileAlreadyExistsException e) {
            if (claim.isAt(destination)) {
                return true; // a network file system answers like that when it has to ask twice
            }
            throw new FileAlreadyExistsException(requested.toString());
        } catch (UnsupportedOperationException noLinks) {
            return false;
        } catch (FileSystemException e) {
            if (e.getClass() != FileSystemException.class) {
                throw e;
            }
            return false; // what the JDK makes of EPERM, which file systems without links give
        }
    }

    /**
     * The one step that a reader can see. Never deletes and then moves: without ATOMIC_MOVE the JDK does
     * (UnixFileSystem.move), and in-memory file systems need both options.
     */
    private void rename(Claim claim) throws IOException {
        CopyOption[] how = exclusive
                ? new CopyOption[0]
                : new CopyOption[] {StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING};
        if (!isUnix(destination.getFileSystem())) {
            claim.close(); // Windows may refuse to rename an open file
        }
        for (long pause = SHORTEST_PAUSE; ; pause *= 2) {
            try {
                provider().move(claim.temporary(), destination, how);
                return;
            } catch (IOException e) {
                if (claim.isAt(destination)) {
                    return; // a network file system may report a failure of what it has done: look
                }
                if (!mayPass(e) || pause > LONGEST_PAUSE) {
                    throw explained(e);
                }
            }
            LockSupport.parkNanos(pause);
            claim.verify();
        }
    }

    /** EBUSY, which the JDK gives by its text alone, is what a file answers that is mounted itself, rename(2). */
    private IOException explained(IOException e) {
        if (!(e instanceof FileSystemException busy)
                || !String.valueOf(busy.getReason()).contains("busy")) {
            return e;
        }
        FileSystemException said = new FileSystemException(
                destination.toString(),
                null,
                busy.getReason() + "; perhaps it is a mount point itself, as a single file in a container is: mount its"
                        + " directory instead");
        said.initCause(e);
        return said;
    }

    /** Whether somebody who reads or scans the file for a moment can be what hinders; on Unix nobody can. */
    private boolean mayPass(IOException e) {
        boolean refused = e instanceof AccessDeniedException || e.getClass() == FileSystemException.class;
        return refused && !isUnix(destination.getFileSystem());
    }

    /** What is left to do once readers see the new content. */
    private void finish(Claim claim, boolean linked) throws AtomicCommitException {
        AtomicCommitException first = null;
        try {
            if (linked) {
                claim.finishLinked();
            } else {
                claim.finishRenamed();
            }
        } catch (IOException e) {
            if (claim.isAnchored()) { // the next writer of the file will remove it
                OpenWrites.logger().log(Level.WARNING, Failures.leftAnchor(requested, e));
            } else {
                first = Failures.leftBehind(requested, claim.temporary(), e);
            }
        }
        claim.forget();
        try {
            if (durability == Durability.FULL) {
                forceDirectory();
            }
        } catch (AtomicCommitException e) {
            if (first != null) {
                Failures.suppress(e, first);
            }
            throw e;
        }
        if (first != null) {
            throw first;
        }
    }

    /** Forces the name of the destination. */
    void forceDirectory() throws AtomicCommitException {
        Path directory = destination.toAbsolutePath().getParent();
        FileChannel channel;
        try {
            channel = provider().newFileChannel(directory, Set.of(StandardOpenOption.READ));
        } catch (IOException | UnsupportedOperationException e) {
            if (isUnix(directory.getFileSystem())) {
                throw Failures.notDurable(requested, e);
            }
            return;
        }
        try (channel) {
            channel.force(true);
        } catch (IOException e) {
            throw Failures.notDurable(requested, e);
        }
    }

    /** It opens directories for reading, and renames what is open; the one of Windows does not. */
    private static boolean isUnix(FileSystem fileSystem) {
        return fileSystem == FileSystems.getDefault()
                && fileSystem.getSeparator().equals("/");
    }

    /** Cleans up after a failure, and returns what to throw. */
    private IOException discard(Claim claim, Closeable content, Throwable failure) {
        try {
            claim.discard(content);
        } catch (IOException | RuntimeException cleanup) {
            Failures.suppress(failure, cleanup);
        }
        claim.forget();
        if (failure instanceof Error error) {
            throw error;
        }
        return Failures.notCommitted(requested, failure);
    }

    private FileSystemProvider provider() {
        return destination.getFileSystem().provider();
    }
}
