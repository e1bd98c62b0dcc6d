package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;

/** Moves between any two file systems; a file that is replaced is old or new at every instant. */
public final class FileMove {
    private FileMove() {}

    /** Moves as the delegate does. */
    public static void asDelegate(Path source, Path target, CopyOption... how) throws IOException {
        Delegate.provider(source).move(source, target, how);
    }

    /**
     * Moves as {@link Files#move(Path, Path, CopyOption...)}.
     *
     * @param openers how the target's file system opens channels
     */
    public static void move(
            Object owner,
            Path source,
            Path target,
            AtomicOptions options,
            Opener<SeekableByteChannel> openers,
            CopyOption... how)
            throws IOException {
        CopyRequest request = CopyRequest.ofMove(source, target, how);
        boolean replace = request.replaces();
        boolean atomic = request.isAtomic();
        boolean oneFileSystem = source.getFileSystem() == target.getFileSystem();
        if (atomic && !oneFileSystem) {
            throw new AtomicMoveNotSupportedException(
                    source.toString(), target.toString(), "they are of different file systems");
        }
        boolean inStore = StoredObject.is(source);
        if (atomic && inStore) {
            throw new AtomicMoveNotSupportedException(
                    source.toString(), target.toString(), StoreMessages.noAtomicMove());
        }
        if (atomic) {
            forceContent(source, options);
            Delegate.of(target).moveAtomically(source, target, how);
            forceName(target, options);
            return;
        }
        BasicFileAttributes from = Delegate.of(source).attributes(source);
        BasicFileAttributes existing = Delegate.of(target).attributesIfExists(target);
        boolean same = existing != null && FileCopy.isSame(source, from, target, existing);
        if (same && inStore) {
            return; // there are providers that would copy nothing, and then delete it
        }
        boolean noContent = target.getFileName() == null
                || from.isDirectory()
                || from.isOther() // a pipe cannot be copied: who opens it waits for its other end
                || existing != null && existing.isDirectory();
        if (noContent || same) {
            Files.move(source, target, how);
            return;
        }
        if (existing != null && !replace) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (oneFileSystem && !inStore) {
            forceContent(source, options);
            if (replace ? moveReplacing(source, from, target) : moveByLink(source, from, target, how)) {
                forceName(target, options);
                return;
            }
        }
        Set<CopyOption> copy = new HashSet<>(Set.of(StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
        if (replace) {
            copy.add(StandardCopyOption.REPLACE_EXISTING);
        }
        FileCopy.copy(owner, source, target, options, openers, copy.toArray(CopyOption[]::new));
        deleteCopied(source, target, existing != null);
    }

    /**
     * As the JDK does, takes back a copy whose source cannot be deleted; one that replaced a file cannot be taken back.
     */
    private static void deleteCopied(Path source, Path target, boolean replaced) throws IOException {
        BasicFileAttributes copy = Delegate.of(target).attributesIfExists(target);
        try {
            Delegate.provider(source).delete(source);
        } catch (NoSuchFileException gone) {
            // another program did it
        } catch (IOException | RuntimeException e) {
            if (replaced) {
                throw Messages.sourceStays(source, target, e);
            }
            if (copy != null && isNow(target, copy, target)) {
                Delegate.provider(target).delete(target);
            }
            throw e;
        }
    }

    /** What takes the place of a file is to be complete after a power cut, also if another program wrote it. */
    private static void forceContent(Path source, AtomicOptions options) throws IOException {
        BasicFileAttributes found = options.durability() == Durability.NONE
                ? null
                : Delegate.of(source).attributesIfExists(source);
        if (found == null || !found.isRegularFile()) {
            return;
        }
        try (FileChannel channel = Delegate.provider(source).newFileChannel(source, Set.of(StandardOpenOption.READ))) {
            channel.force(true);
        } catch (AccessDeniedException | UnsupportedOperationException unreadable) {
            // it is moved all the same, as it would be by a plain path
        } catch (IOException e) {
            if (!KnownProviders.isRemote(Delegate.provider(source))) {
                throw e;
            } // what is read from another machine cannot be forced there
        }
    }

    private static void forceName(Path target, AtomicOptions options) throws IOException {
        Publication.forceDirectory(
                target, new Destination(Delegate.of(target), target, null, false), options.durability());
    }

    /** Returns false when the two are on different file stores, or that cannot be done at all. */
    private static boolean moveReplacing(Path source, BasicFileAttributes from, Path target) throws IOException {
        try {
            Delegate.of(target).replace(source, target);
            return true;
        } catch (AtomicMoveNotSupportedException | UnsupportedOperationException e) {
            return false;
        } catch (IOException | RuntimeException e) {
            if (isMoved(source, from, target)) {
                return true;
            }
            throw e;
        }
    }

    private static boolean isMoved(Path source, BasicFileAttributes from, Path target) throws IOException {
        return isNow(source, from, target) && Delegate.of(source).attributesIfExists(source) == null;
    }

    /** Whether a file is at the target: a network file system may report a failure of what it has done. */
    private static boolean isNow(Path source, BasicFileAttributes from, Path target) throws IOException {
        BasicFileAttributes now = Delegate.of(target).attributesIfExists(target);
        return now != null && FileCopy.isSame(source, from, target, now);
    }

    /**
     * Gives a file its new name without ever replacing what came there meanwhile: by a link, and then without the old
     * name. Returns false when the two are on different file stores. Where there are no links the delegate moves; so it
     * does where it is not known that a file which can be moved can be deleted too: not one that is read-only on
     * Windows.
     */
    private static boolean moveByLink(Path source, BasicFileAttributes from, Path target, CopyOption... how)
            throws IOException {
        boolean links = from.isRegularFile() && Delegate.of(source).isUnix();
        Delegate.Linked linked = links ? link(source, from, target) : Delegate.Linked.IMPOSSIBLE;
        switch (linked) {
            case TAKEN -> throw new FileAlreadyExistsException(target.toString());
            case IMPOSSIBLE -> {
                if (from.isRegularFile() && !sameStore(source, target)) {
                    return false;
                }
                try {
                    Delegate.provider(source).move(source, target, how);
                } catch (IOException | RuntimeException e) {
                    if (!isMoved(source, from, target)) {
                        throw e;
                    }
                }
            }
            case DONE -> {
                try {
                    Delegate.provider(source).delete(source);
                } catch (Throwable e) {
                    BasicFileAttributes still = Delegate.of(source).attributesIfExists(source);
                    if (still == null && e instanceof Exception) {
                        return true; // it was removed although a failure was reported
                    }
                    if (still != null && FileCopy.isSame(source, from, source, still)) {
                        Delegate.provider(target).delete(target); // else it is the only name that is left
                    }
                    throw e;
                }
            }
        }
        return true;
    }

    private static Delegate.Linked link(Path source, BasicFileAttributes from, Path target) throws IOException {
        try {
            return Delegate.of(target).link(target, source);
        } catch (NoSuchFileException e) { // about either of the two
            throw new NoSuchFileException(source.toString(), target.toString(), e.getReason());
        } catch (IOException | RuntimeException e) {
            if (isNow(source, from, target)) {
                return Delegate.Linked.DONE;
            }
            throw e;
        }
    }

    /** Others than the JDK's own file system are one store, or refuse to move between theirs; not all can be told. */
    private static boolean sameStore(Path source, Path target) throws IOException {
        if (!Delegate.isBuiltIn(source.getFileSystem())) {
            return true;
        }
        Path directory = target.toAbsolutePath().getParent();
        return Delegate.provider(source)
                .getFileStore(source)
                .equals(Delegate.provider(target).getFileStore(directory));
    }
}
