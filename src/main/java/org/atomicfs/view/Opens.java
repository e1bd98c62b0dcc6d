package org.atomicfs.view;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.atomicfs.AtomicOptions;
import org.atomicfs.AtomicWrite;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.commit.Transaction;

/** Opens the streams and channels of writes. */
public final class Opens {
    private Opens() {}

    /** Opens a stream for writing. */
    public static OutputStream stream(AtomicPath path, OpenRequest request) throws IOException {
        return new AtomicOutputStream(Transaction.open(path.getFileSystem(), path.plain(), request, Opens::openStream));
    }

    /** Opens a stream for a new file that takes the place of whatever is there. */
    public static OutputStream replacingStream(AtomicPath path, AtomicOptions options) throws IOException {
        return new AtomicOutputStream(Transaction.replacing(
                path.getFileSystem(),
                path.plain(),
                OpenRequest.ofStream(new OpenOption[0], options),
                Opens::openStream,
                temporary -> false));
    }

    private static OutputStream openStream(Path file, Set<OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return provider(file).newOutputStream(file, array(options));
    }

    /** Opens a byte channel for writing; it is a file channel where the delegate's is one. */
    public static SeekableByteChannel byteChannel(AtomicPath path, OpenRequest request, FileAttribute<?>... attributes)
            throws IOException {
        Transaction<SeekableByteChannel> write = Transaction.open(
                path.getFileSystem(),
                path.plain(),
                request,
                (file, options, attrs) -> provider(file).newByteChannel(file, options, attrs),
                attributes);
        if (write.channel() instanceof FileChannel) {
            @SuppressWarnings("unchecked") // a delegate opens all its byte channels in one class
            Transaction<FileChannel> files = (Transaction<FileChannel>) (Transaction<?>) write;
            return new AtomicFileChannel(files);
        }
        return new AtomicByteChannel(write);
    }

    /** Opens a file channel for writing. */
    public static FileChannel fileChannel(AtomicPath path, OpenRequest request, FileAttribute<?>... attributes)
            throws IOException {
        return new AtomicFileChannel(Transaction.open(
                path.getFileSystem(),
                path.plain(),
                request,
                (file, options, attrs) -> provider(file).newFileChannel(file, options, attrs),
                attributes));
    }

    /** Opens an asynchronous file channel for writing. */
    public static AsynchronousFileChannel asynchronousFileChannel(
            AtomicPath path, OpenRequest request, ExecutorService executor, FileAttribute<?>... attributes)
            throws IOException {
        return new AtomicAsynchronousFileChannel(Transaction.open(
                path.getFileSystem(),
                path.plain(),
                request,
                (file, options, attrs) -> provider(file).newAsynchronousFileChannel(file, options, executor, attrs),
                attributes));
    }

    /** Lets closing what was opened here close it, but not end the write: that is for the handle to do. */
    public static void keepOpen(AtomicWrite write) {
        ((WriteHandle) write).transaction().keepOpen();
    }

    /** A handle of a write that was opened here. */
    public static AtomicWrite handle(Transaction<?> write) {
        return WriteHandle.of(write);
    }

    /** As an array, for the methods of NIO that want one. */
    public static OpenOption[] array(Collection<OpenOption> options) {
        return options.toArray(OpenOption[]::new);
    }

    private static FileSystemProvider provider(Path path) {
        return path.getFileSystem().provider();
    }
}
