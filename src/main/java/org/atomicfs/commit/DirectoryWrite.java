package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.TemporaryName;
import org.atomicfs.events.Recoveries;

/**
 * Writes a directory at once: fills a hidden one beside it, which then takes the name in one rename. Where the target
 * is a symbolic link to a directory, a new generation is made beside it, and the link is replaced by one that leads
 * there. Two writers of one target exclude each other as writers of a file do, by the same claim.
 */
public final class DirectoryWrite {
    /** Fills a directory. */
    @FunctionalInterface
    public interface Content {
        /** Fills it. */
        void fill(Path directory) throws IOException;
    }

    private static final int ATTEMPTS = 100;
    private static final String ONLY_OWNER = "rwx------";

    private final Delegate delegate;
    private final Path requested;
    private final Path target; // absolute
    private final Path filled;
    private final AtomicOptions options;
    private final int kept;
    private Claim claim; // null before it begins, and once it has ended
    private IOException aborted; // why; null if it was not, or by its caller
    private Set<PosixFilePermission> permissions; // of the directory at the end; null where there are none

    private DirectoryWrite(Path requested, AtomicOptions options, int kept) {
        this.requested = requested;
        target = requested.toAbsolutePath();
        delegate = Delegate.of(target);
        filled = DirectoryNames.filled(target);
        this.options = options;
        this.kept = kept;
    }

    /**
     * Writes a directory.
     *
     * @param kept how many generations are kept beside the current one, where the target is a link
     */
    public static void write(Path target, Content content, AtomicOptions options, int kept) throws IOException {
        Tree.requireMovable(target);
        try {
            new DirectoryWrite(target, options, kept).write(content);
        } finally {
            Recoveries.tell(options);
        }
    }

    private void write(Content content) throws IOException {
        TransactionLife life = TransactionLife.enter(requested);
        LiveTransactions.Live begun = null;
        try {
            begin();
            begun = this::abort;
        } finally {
            life.begun(begun);
        }
        try {
            content.fill(filled);
            requireClosed();
            end();
        } catch (Throwable e) {
            abortAfter(e);
            throw e;
        } finally {
            life.end();
        }
    }

    /** What is written through plain paths is not known here. */
    private void requireClosed() throws IOException {
        for (PendingWrite write : Registry.list()) {
            if (write.destination().toAbsolutePath().startsWith(filled)
                    || write.requested().toAbsolutePath().startsWith(filled)) {
                Registry.abort(write, TransactionMessages.STILL_WRITTEN);
                throw new FileSystemException(write.requested().toString(), null, TransactionMessages.STILL_WRITTEN);
            }
        }
        Path member = Claims.memberBelow(filled);
        if (member != null) {
            throw new FileSystemException(member.toString(), null, TransactionMessages.NOT_ENDED);
        }
    }

    private void begin() throws IOException {
        if (delegate.isStore()) {
            throw new FileSystemException(requested.toString(), null, StoreMessages.noDirectories());
        }
        requireReplaceable();
        if (delegate.attributesIfExists(target.getParent()) == null) {
            throw new NoSuchFileException(requested.toString()); // and not what is made in that directory
        }
        claim = Claims.take(delegate, target, TemporaryName.FIXED, null);
        try {
            Tree.delete(filled); // a dead writer's, since this one has the claim
            Generations.removeUnpublished(target);
            create();
        } catch (Throwable e) {
            abortAfter(e);
            throw e;
        }
    }

    private void abortAfter(Throwable failure) {
        try {
            abort(null);
        } catch (IOException | RuntimeException cleanup) {
            Messages.suppress(failure, cleanup);
        }
    }

    /** Publishes, unless it was aborted meanwhile. */
    private synchronized void end() throws IOException {
        if (claim == null) {
            throw Messages.notCommitted(requested, aborted);
        }
        BasicFileAttributes there = requireReplaceable();
        givePermissions(there);
        new DirectoryPublication(requested, target, filled, options, kept).publish(there);
        Claim held = claim;
        claim = null;
        try {
            held.release(Claim.Outcome.DISCARDED);
        } catch (IOException | RuntimeException e) {
            throw Messages.leftBehind(requested, held.temporary(), e);
        }
    }

    /** Discards everything; does nothing once it has ended. */
    private synchronized boolean abort(IOException reason) throws IOException {
        if (claim == null) {
            return false;
        }
        Claim held = claim;
        claim = null;
        aborted = reason;
        try {
            discard();
        } finally {
            held.release(Claim.Outcome.DISCARDED);
        }
        return true;
    }

    /** Another thread may still be filling it, when the JVM shuts down. */
    private void discard() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Tree.delete(filled);
                return;
            } catch (DirectoryNotEmptyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Returns what is at the target, null if nothing is; throws if that cannot be replaced. */
    private BasicFileAttributes requireReplaceable() throws IOException {
        BasicFileAttributes found = delegate.attributesIfExists(target);
        if (found == null) {
            return null;
        }
        BasicFileAttributes end = found.isSymbolicLink() ? delegate.followed(target) : found;
        if (!end.isDirectory()) {
            throw new NotDirectoryException(requested.toString());
        }
        if (!found.isSymbolicLink() && (!delegate.isUnix() || !isEmpty(target))) {
            throw TransactionMessages.directoryNotEmpty(requested, target, null);
        }
        return found;
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries =
                Delegate.provider(directory).newDirectoryStream(directory, entry -> true)) {
            return !entries.iterator().hasNext();
        }
    }

    /** Nobody else may look into it while it is filled. */
    private void create() throws IOException {
        Delegate.provider(filled).createDirectory(filled);
        if (delegate.hasPosix()) {
            permissions = ((PosixFileAttributes) delegate.attributes(filled)).permissions();
            setPermissions(PosixFilePermissions.fromString(ONLY_OWNER));
        }
    }

    private void givePermissions(BasicFileAttributes there) throws IOException {
        if (permissions != null) {
            BasicFileAttributes replaced = there == null ? null : delegate.followed(target);
            setPermissions(replaced instanceof PosixFileAttributes posix ? posix.permissions() : permissions);
        }
    }

    private void setPermissions(Set<PosixFilePermission> given) throws IOException {
        Delegate.provider(filled).setAttribute(filled, "posix:permissions", given, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Removes a directory that a dead writer was filling, or had not yet published; returns false if that writer lives.
     *
     * @param hidden the directory, or the link that was to be published
     */
    static boolean recover(Path hidden) throws IOException {
        Path target = DirectoryNames.targetOf(hidden);
        if (target == null) {
            return false;
        }
        Claim held;
        try {
            held = Claims.take(Delegate.of(target), target.toAbsolutePath(), TemporaryName.FIXED, null);
        } catch (BusyException e) {
            return false;
        }
        try {
            Generations.removeUnpublished(target);
            Tree.delete(DirectoryNames.filled(target));
            Recoveries.note(hidden);
            return true;
        } finally {
            held.release(Claim.Outcome.DISCARDED);
        }
    }
}
