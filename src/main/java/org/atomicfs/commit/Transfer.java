package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.atomicfs.AtomicOptions;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;

/**
 * Copying and moving, between any two file systems. A regular file that is copied, or replaced by a move, is old or new
 * at every instant. Directories, links and special files have no content that could be torn: they are left to the
 * delegate.
 */
public final class Transfer {
    private static final int BUFFER = 1 << 16; // bytes

    private Transfer() {}

    /** Copies as {@link Files#copy(Path, Path, CopyOption...)}. */
    public static void copy(Object owner, Path source, Path target, AtomicOptions options, CopyOption... how)
            throws IOException {
        Set<CopyOption> asked = new HashSet<>(Arrays.asList(how));
        boolean replace = asked.remove(StandardCopyOption.REPLACE_EXISTING);
        boolean attributes = asked.remove(StandardCopyOption.COPY_ATTRIBUTES);
        boolean follow = !asked.remove(LinkOption.NOFOLLOW_LINKS);
        Path read = follow ? source.toRealPath() : source;
        BasicFileAttributes from = Metadata.read(read);
        if (!asked.isEmpty() || from.isDirectory() || from.isOther()) {
            Files.copy(source, target, how);
            return;
        }
        BasicFileAttributes existing = Metadata.readIfExists(target);
        if (existing != null) {
            if (isSame(source, from, target, existing)) {
                return;
            }
            if (!replace) {
                throw new FileAlreadyExistsException(target.toString());
            }
            if (existing.isDirectory()) {
                provider(target).delete(target); // an empty one may be replaced, and has no content to be torn
            }
        }
        if (from.isSymbolicLink()) {
            copyLink(source, target, replace, how);
            return;
        }
        Set<OpenOption> creation = new HashSet<>();
        creation.add(StandardOpenOption.WRITE);
        creation.add(replace ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW);
        Transaction<SeekableByteChannel> write = null;
        try {
            // closed before the commit: who is told of a failure finds the old file
            try (SeekableByteChannel in = provider(read).newByteChannel(read, Set.of(StandardOpenOption.READ))) {
                write = Transaction.replacing(
                        owner,
                        target,
                        OpenRequest.ofChannel(creation, options),
                        (file, openOptions, attrs) -> provider(file).newByteChannel(file, openOptions, attrs),
                        temporary -> attributes && Metadata.copyAll(read, from, temporary),
                        Metadata.modeOf(from, target));
                write.change(out -> {
                    content(in, out);
                    return null;
                });
            }
            write.commit();
        } catch (Throwable e) {
            if (write != null) {
                abort(write, e);
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
        Path temporary = TemporaryNames.shortened(target, TemporaryName.UNIQUE);
        provider(target).createSymbolicLink(temporary, provider(source).readSymbolicLink(source));
        try {
            rename(temporary, target);
        } catch (Throwable e) {
            try {
                provider(temporary).deleteIfExists(temporary);
            } catch (IOException cleanup) {
                Failures.suppress(e, cleanup);
            }
            throw e;
        }
    }

    private static void rename(Path source, Path target) throws IOException {
        provider(source).move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void abort(Transaction<?> write, Throwable failure) {
        try {
            write.abort();
        } catch (IOException cleanup) {
            Failures.suppress(failure, cleanup);
        }
    }

    /** Moves as {@link Files#move(Path, Path, CopyOption...)}. */
    public static void move(Object owner, Path source, Path target, AtomicOptions options, CopyOption... how)
            throws IOException {
        Set<CopyOption> asked = new HashSet<>(Arrays.asList(how));
        boolean replace = asked.contains(StandardCopyOption.REPLACE_EXISTING);
        boolean atomic = asked.contains(StandardCopyOption.ATOMIC_MOVE);
        boolean oneFileSystem = source.getFileSystem() == target.getFileSystem();
        if (atomic && !oneFileSystem) {
            throw new AtomicMoveNotSupportedException(
                    source.toString(), target.toString(), "they are of different file systems");
        }
        if (atomic) {
            forceContent(source, options);
            provider(source).move(source, target, how);
            forceName(target, options);
            return;
        }
        BasicFileAttributes from = Metadata.read(source);
        BasicFileAttributes existing = Metadata.readIfExists(target);
        boolean withDirectory = from.isDirectory() || existing != null && existing.isDirectory();
        if (withDirectory || existing != null && isSame(source, from, target, existing)) {
            Files.move(source, target, how);
            return;
        }
        if (existing != null && !replace) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (oneFileSystem) {
            forceContent(source, options);
            if (replace ? moveReplacing(source, target) : moveByLink(source, from, target, how)) {
                forceName(target, options);
                return;
            }
        }
        Set<CopyOption> copy = new HashSet<>(asked);
        copy.add(StandardCopyOption.COPY_ATTRIBUTES);
        copy.add(LinkOption.NOFOLLOW_LINKS);
        copy(owner, source, target, options, copy.toArray(CopyOption[]::new));
        provider(source).delete(source);
    }

    /** What takes the place of a file is to be complete after a power cut, whoever wrote it. */
    private static void forceContent(Path source, AtomicOptions options) throws IOException {
        if (options.durability() == Durability.NONE || !Metadata.read(source).isRegularFile()) {
            return;
        }
        try (FileChannel channel = provider(source).newFileChannel(source, Set.of(StandardOpenOption.READ))) {
            channel.force(true);
        } catch (AccessDeniedException | UnsupportedOperationException unreadable) {
            // it is moved all the same, as it would be by a plain path
        }
    }

    private static void forceName(Path target, AtomicOptions options) throws IOException {
        if (options.durability() == Durability.FULL) {
            new Publication(target, target, false, options.durability()).forceDirectory();
        }
    }

    /** Returns false when the two are on different file stores, or that cannot be done at all. */
    private static boolean moveReplacing(Path source, Path target) throws IOException {
        try {
            rename(source, target);
            return true;
        } catch (AtomicMoveNotSupportedException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Gives a file its new name without ever replacing what came there meanwhile: by a link, and then without the old
     * name. Returns false when the two are on different file stores; where there are no links the delegate moves.
     */
    private static boolean moveByLink(Path source, BasicFileAttributes from, Path target, CopyOption... how)
            throws IOException {
        if (from.isRegularFile()) {
            try {
                provider(source).createLink(target, source);
            } catch (UnsupportedOperationException noLinks) {
                provider(source).move(source, target, how);
                return true;
            } catch (FileSystemException e) {
                if (e.getClass() != FileSystemException.class) {
                    throw e;
                }
                if (!sameStore(source, target)) {
                    return false;
                }
                provider(source).move(source, target, how);
                return true;
            }
            try {
                provider(source).delete(source);
            } catch (IOException e) {
                provider(target).delete(target);
                throw e;
            }
            return true;
        }
        provider(source).move(source, target, how);
        return true;
    }

    private static boolean sameStore(Path source, Path target) throws IOException {
        Path directory = target.toAbsolutePath().getParent();
        return provider(source).getFileStore(source).equals(provider(target).getFileStore(directory));
    }

    private static boolean isSame(Path source, BasicFileAttributes from, Path target, BasicFileAttributes existing) {
        return source.getFileSystem() == target.getFileSystem()
                && from.fileKey() != null
                && from.fileKey().equals(existing.fileKey());
    }

    /** Copies all that is left in a channel, inside the kernel where both are its files. */
    static void content(SeekableByteChannel in, SeekableByteChannel out) throws IOException {
        if (in instanceof FileChannel file) {
            long at = file.position();
            for (long n = 1; n > 0; at += n) {
                n = file.transferTo(at, Long.MAX_VALUE - at, out);
            }
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (in.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            buffer.clear();
        }
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
