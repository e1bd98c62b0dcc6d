package org.atomicfs.view;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.concurrent.ExecutorService;
import org.atomicfs.AtomicOptions;
import org.atomicfs.AtomicWrite;
import org.atomicfs.commit.FileCopy;
import org.atomicfs.commit.FileMove;
import org.atomicfs.commit.MemberMove;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.commit.Opener;
import org.atomicfs.commit.Opening;
import org.atomicfs.commit.PendingWrite;
import org.atomicfs.commit.Threads;
import org.atomicfs.commit.Transaction;

/** Opens the streams and channels of writes, and begins copies and moves. */
public final class Opens {
    private Opens() {}

    private static <C extends Closeable> C open(
            AtomicPath path,
            OpenRequest request,
            Opener<C> opener,
            Opening.Wrapper<C, C> wrapper,
            FileAttribute<?>... attributes)
            throws IOException {
        AtomicFileSystem owner = path.getFileSystem();
        return owner.standsIn()
                ? StandIn.open(path, request, opener, wrapper, attributes)
                : Opening.open(owner, path.plain(), request, opener, wrapper, attributes);
    }

    /** Opens a stream for writing. */
    public static OutputStream stream(AtomicPath path, OpenRequest request) throws IOException {
        try {
            OutputStream opened = open(path, request, Openers.STREAMS, AtomicOutputStream.WRAPPER);
            return request.truncates() || request.createsNew() ? opened : ZipArchives.saving(path.plain(), opened);
        } catch (IOException | RuntimeException e) {
            ZipArchives.notSaved(e, path.plain());
            throw e;
        }
    }

    /** Opens a stream for a new file that takes the place of whatever is there. */
    public static OutputStream replacingStream(AtomicPath path, AtomicOptions options) throws IOException {
        OpenRequest request = OpenRequest.ofStream(new OpenOption[0], options);
        return path.getFileSystem().standsIn()
                ? StandIn.replace(path, request, Openers.STREAMS, AtomicOutputStream.WRAPPER)
                : Opening.replacing(
                        path.getFileSystem(), path.plain(), request, Openers.STREAMS, AtomicOutputStream.WRAPPER);
    }

    /** Opens a byte channel for writing; it is a file channel where the delegate's is one. */
    public static SeekableByteChannel byteChannel(AtomicPath path, OpenRequest request, FileAttribute<?>... attributes)
            throws IOException {
        try {
            return open(path, request, Openers.BYTE_CHANNELS, AtomicFileChannel.WRAPPER_IF_POSSIBLE, attributes);
        } catch (FileAlreadyExistsException e) {
            throw e; // zipfs creates a file by another name then
        } catch (IOException | RuntimeException e) {
            ZipArchives.notSaved(e, null);
            throw e;
        }
    }

    /** Opens a file channel for writing. */
    public static FileChannel fileChannel(AtomicPath path, OpenRequest request, FileAttribute<?>... attributes)
            throws IOException {
        return open(path, request, Openers.FILE_CHANNELS, AtomicFileChannel.WRAPPER, attributes);
    }

    /** Opens an asynchronous file channel for writing. */
    public static AsynchronousFileChannel asynchronousFileChannel(
            AtomicPath path, OpenRequest request, ExecutorService executor, FileAttribute<?>... attributes)
            throws IOException {
        return open(
                path,
                request,
                Openers.asynchronousFileChannels(executor),
                write -> new AtomicAsynchronousFileChannel(write, executor != null ? executor : Threads::runInNew),
                attributes);
    }

    /** Copies, as {@link java.nio.file.Files#copy(Path, Path, CopyOption...)}. */
    public static void copy(AtomicPath source, AtomicPath target, CopyOption... how) throws IOException {
        AtomicFileSystem owner = target.getFileSystem();
        if (owner.standsIn()) {
            StandIn.copy(source, target, how);
            return;
        }
        FileCopy.copy(owner, source.plain(), target.plain(), owner.options(), Openers.BYTE_CHANNELS, how);
    }

    /** Moves, as {@link java.nio.file.Files#move(Path, Path, CopyOption...)}. */
    public static void move(AtomicPath source, AtomicPath target, CopyOption... how) throws IOException {
        AtomicFileSystem owner = target.getFileSystem();
        if (owner.standsIn()) {
            StandIn.move(source, target, how);
            return;
        }
        Transaction deletes = source.getFileSystem().handover();
        deletes = deletes == null ? owner.handover() : deletes;
        if (deletes != null) {
            MemberMove.move(
                    owner, deletes, source.plain(), target.plain(), owner.options(), Openers.BYTE_CHANNELS, how);
            return;
        }
        FileMove.move(owner, source.plain(), target.plain(), owner.options(), Openers.BYTE_CHANNELS, how);
    }

    /** Lets closing what was opened here close it, but not end the write: that is for the handle to do. */
    public static void keepOpen(AtomicWrite write) {
        ((WriteHandle) write).pending().keepOpen();
    }

    /** A handle of a write that was opened here. */
    public static AtomicWrite handle(PendingWrite write) {
        return WriteHandle.of(write);
    }
}
