package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.TemporaryName;

/**
 * Copies between any two file systems. A regular file that is replaced is old or new at every instant. Directories,
 * links and special files have no content that could be torn: they are left to the delegate.
 */
public final class FileCopy {
    private FileCopy() {}

    /**
     * Copies as {@link Files#copy(Path, Path, CopyOption...)}.
     *
     * @param openers how the target's file system opens channels
     */
    public static void copy(
            Object owner,
            Path source,
            Path target,
            AtomicOptions options,
            Opener<SeekableByteChannel> openers,
            CopyOption... how)
            throws IOException {
        CopyRequest request = CopyRequest.ofCopy(source, target, how);
        boolean atOnce = Handover.of(owner) == null;
        if (atOnce && request.isForDelegate() || target.getFileName() == null) {
            Files.copy(source, target, how);
            return;
        }
        boolean replace = request.replaces();
        boolean follow = request.followsLinks();
        Delegate sources = Delegate.of(source);
        BasicFileAttributes from = follow ? sources.followed(source) : sources.attributes(source);
        if (!atOnce && (from.isSymbolicLink() || from.isOther())) {
            throw new FileSystemException(source.toString(), target.toString(), TransactionMessages.ONLY_REGULAR);
        }
        if (from.isDirectory() || from.isOther()) {
            Files.copy(source, target, how);
            return;
        }
        BasicFileAttributes existing = Delegate.of(target).attributesIfExists(target);
        if (existing != null) {
            if (isSame(source, from, target, existing)) {
                return;
            }
            if (!replace) {
                throw new FileAlreadyExistsException(target.toString());
            }
            if (existing.isDirectory() && StoredObject.is(target)) { // deleting it could delete what is below it
                throw new FileSystemException(target.toString(), null, "Is a directory");
            }
            if (existing.isDirectory() && !atOnce) {
                throw new FileSystemException(target.toString(), null, TransactionMessages.DIRECTORY);
            }
            if (existing.isDirectory()) {
                Delegate.provider(target).delete(target); // an empty one may be replaced, and cannot be torn
            }
        }
        if (StoredObject.isCopiedByStore(source, target)) {
            Files.copy(source, target, request.withoutLinks());
            return;
        }
        if (from.isSymbolicLink()) {
            copyLink(source, target, replace, how);
            return;
        }
        Set<OpenOption> creation = new HashSet<>();
        creation.add(StandardOpenOption.WRITE);
        creation.add(replace ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW);
        Publication.Finish finish =
                request.copiesAttributes() ? attributesOf(source, from, follow) : Publication.KEEP_NOTHING;
        OpenRequest open = OpenRequest.ofChannel(creation, options);
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= !request.isInterruptible() && Thread.interrupted();
                try {
                    copyContent(owner, source, from, follow, target, open, openers, finish);
                    return;
                } catch (ClosedByInterruptException e) {
                    if (request.isInterruptible()) {
                        throw e;
                    }
                    // as little as it ends the JDK's own copying; only the channels cannot be used any more
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Attributes are read by a path that leads to the file itself, where there is one. */
    private static Publication.Finish attributesOf(Path source, BasicFileAttributes from, boolean follow)
            throws IOException {
        BasicFileAttributes known = follow ? Delegate.of(source).attributes(source) : from;
        if (!known.isSymbolicLink()) {
            return new CopyAll(source, from);
        }
        LinkTarget target = LinkTarget.follow(source, known);
        return target == null || target.isMagic()
                ? (temporary, born) -> Metadata.copyTimes(from, temporary)
                : new CopyAll(target.path(), from);
    }

    /** Gives the copy all that {@code COPY_ATTRIBUTES} promises. */
    private record CopyAll(Path source, BasicFileAttributes from) implements Publication.Finish {
        @Override
        public boolean apply(Path temporary, FileState born) throws IOException {
            return Metadata.copyAll(source, from, temporary);
        }
    }

    private static void copyContent(
            Object owner,
            Path source,
            BasicFileAttributes from,
            boolean follow,
            Path target,
            OpenRequest request,
            Opener<SeekableByteChannel> openers,
            Publication.Finish finish)
            throws IOException {
        Set<OpenOption> reading = new HashSet<>(Set.of(StandardOpenOption.READ));
        if (!follow) {
            Delegate.of(source).refuseLinks(reading); // should one have come in the file's place
        }
        Write<SeekableByteChannel> write = null;
        try {
            // closed before the commit: a caller who gets an exception finds the old file
            try (SeekableByteChannel in = Delegate.provider(source).newByteChannel(source, reading)) {
                write = Opening.replacing(
                        owner,
                        target,
                        request,
                        openers,
                        finish,
                        begun -> begun,
                        finish instanceof CopyAll
                                ? Metadata.whileWritten(from, target)
                                : Metadata.modeOf(from, target));
                Write<SeekableByteChannel> copying = write;
                long bytes = write.change(out -> ContentCopy.copy(in, out, copying::isStopped));
                write.wrote(bytes);
            }
            write.pending().commit();
        } catch (Throwable e) {
            if (write != null) {
                try {
                    write.pending().abort();
                } catch (IOException cleanup) {
                    Messages.suppress(e, cleanup);
                }
            }
            if (e.getClass() == IOException.class) { // the channels' own: they do not know their path
                throw SystemErrors.explained(source.toString(), target.toString(), e.getMessage(), e);
            }
            throw e;
        }
    }

    /** A link that replaces something is made beside it, and renamed over it. */
    private static void copyLink(Path source, Path target, boolean replace, CopyOption... how) throws IOException {
        if (!replace || source.getFileSystem() != target.getFileSystem()) {
            Files.copy(source, target, how);
            return;
        }
        Shutdown.enter(target); // which waits until the temporary is gone
        try {
            replaceByLink(target, Delegate.provider(source).readSymbolicLink(source));
        } finally {
            Shutdown.leave();
            Shutdown.ended();
        }
    }

    private static void replaceByLink(Path target, Path leadsTo) throws IOException {
        Path temporary = TemporaryNames.shortened(target, TemporaryName.UNIQUE);
        try {
            Delegate.provider(target).createSymbolicLink(temporary, leadsTo);
        } catch (FileSystemException e) {
            throw Messages.about(target, e);
        }
        try {
            Delegate.of(target).replace(temporary, target);
        } catch (Throwable e) {
            try {
                Delegate.provider(temporary).deleteIfExists(temporary);
            } catch (Throwable cleanup) {
                Messages.suppress(e, cleanup);
            }
            throw e;
        }
    }

    /** Whether two paths lead to one file, of which the attributes are known. */
    static boolean isSame(Path source, BasicFileAttributes from, Path target, BasicFileAttributes existing) {
        if (source.getFileSystem() != target.getFileSystem()) {
            return false;
        }
        return StoredObject.is(source)
                ? StoredObject.isSame(source, target)
                : from.fileKey() != null && from.fileKey().equals(existing.fileKey());
    }
}
