package org.atomicfs.testing;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.lucene.tests.mockfile.FilterAsynchronousFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.apache.lucene.tests.mockfile.FilterSeekableByteChannel;

/**
 * A file system over another one that calls an observer before each operation that changes or forces something. The
 * observer can let the operation fail by an exception.
 */
public final class ObservedFileSystem extends FilterFileSystemProvider {
    /** An operation that changes a file or a directory, or forces it. */
    public enum Operation {
        CREATE,
        OPEN,
        WRITE,
        FORCE,
        CLOSE,
        MOVE,
        LINK,
        DELETE,
        SET_ATTRIBUTE,
        CREATE_DIRECTORY
    }

    /** Is called before each operation; what it throws is thrown instead of the operation. */
    public interface Observer {
        void before(Operation operation, Path file) throws IOException;
    }

    private final Observer observer;
    private final List<Channel> channels = new CopyOnWriteArrayList<>();

    private ObservedFileSystem(FileSystem delegate, Observer observer) {
        super("observed", delegate);
        this.observer = observer;
    }

    /** The same file, as a path whose operations are observed. */
    public static Path over(Path plain, Observer observer) {
        return new ObservedFileSystem(plain.getFileSystem(), observer).wrapPath(plain);
    }

    /** Closes all channels that were opened through this path's file system, while the library still uses them. */
    public static void closeChannels(Path path) throws IOException {
        for (Channel channel : ((ObservedFileSystem) path.getFileSystem().provider()).channels) {
            channel.close();
        }
    }

    private void before(Operation operation, Path file) throws IOException {
        observer.before(operation, toDelegate(file));
    }

    private void beforeOpen(Path file, Set<? extends OpenOption> options) throws IOException {
        boolean creates = options.stream().anyMatch(option -> option.toString().startsWith("CREATE"));
        before(creates ? Operation.CREATE : Operation.OPEN, file);
    }

    private <C extends Channel> C opened(C channel) {
        channels.add(channel);
        return channel;
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        beforeOpen(path, Set.of(options));
        return new FilterOutputStream(super.newOutputStream(path, options)) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                before(Operation.WRITE, path);
                out.write(bytes, offset, length);
            }

            @Override
            public void write(int b) throws IOException {
                before(Operation.WRITE, path);
                out.write(b);
            }

            @Override
            public void close() throws IOException {
                out.close(); // a failing close leaves no descriptor behind
                before(Operation.CLOSE, path);
            }
        };
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        beforeOpen(path, options);
        SeekableByteChannel channel = opened(super.newByteChannel(path, options, attributes));
        return channel instanceof FileChannel file ? new Files(file, path) : new Bytes(channel, path);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        beforeOpen(path, options);
        boolean inMemory = toDelegate(path).getFileSystem() != FileSystems.getDefault();
        if (inMemory && java.nio.file.Files.isDirectory(path)) {
            Path any = java.nio.file.Files.createTempFile("directory", null); // jimfs opens no directories
            return new Files(FileChannel.open(any, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE), path);
        }
        return new Files(opened(super.newFileChannel(path, options, attributes)), path);
    }

    @Override
    public AsynchronousFileChannel newAsynchronousFileChannel(
            Path path, Set<? extends OpenOption> options, ExecutorService executor, FileAttribute<?>... attributes)
            throws IOException {
        beforeOpen(path, options);
        return new Asynchronous(opened(super.newAsynchronousFileChannel(path, options, executor, attributes)), path);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        before(Operation.MOVE, target);
        super.move(source, target, options);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        before(Operation.LINK, link);
        super.createLink(link, existing);
    }

    @Override
    public void delete(Path path) throws IOException {
        before(Operation.DELETE, path);
        super.delete(path);
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        before(Operation.DELETE, path);
        return super.deleteIfExists(path);
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        before(Operation.CREATE_DIRECTORY, directory);
        super.createDirectory(directory, attributes);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        before(Operation.SET_ATTRIBUTE, path);
        super.setAttribute(path, attribute, value, options);
    }

    private final class Files extends FilterFileChannel {
        private final Path path;

        Files(FileChannel delegate, Path path) {
            super(delegate);
            this.path = path;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            before(Operation.WRITE, path);
            return super.write(source);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            before(Operation.WRITE, path);
            return super.write(source, position);
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            before(Operation.WRITE, path);
            return super.write(sources, offset, length);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            before(Operation.WRITE, path);
            return super.truncate(size);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            before(Operation.WRITE, path);
            return super.transferFrom(source, position, count);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            before(Operation.FORCE, path);
            super.force(metadata);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            super.implCloseChannel();
            before(Operation.CLOSE, path);
        }
    }

    private final class Bytes extends FilterSeekableByteChannel {
        private final Path path;

        Bytes(SeekableByteChannel delegate, Path path) {
            super(delegate);
            this.path = path;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            before(Operation.WRITE, path);
            return super.write(source);
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            before(Operation.WRITE, path);
            return super.truncate(size);
        }

        @Override
        public void close() throws IOException {
            super.close();
            before(Operation.CLOSE, path);
        }
    }

    private final class Asynchronous extends FilterAsynchronousFileChannel {
        private final Path path;

        Asynchronous(AsynchronousFileChannel delegate, Path path) {
            super(delegate);
            this.path = path;
        }

        @Override
        public Future<Integer> write(ByteBuffer source, long position) {
            throw new AssertionError("the library uses handlers");
        }

        @Override
        public <A> void write(
                ByteBuffer source, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
            try {
                before(Operation.WRITE, path);
            } catch (IOException e) {
                handler.failed(e, attachment);
                return;
            }
            super.write(source, position, attachment, handler);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            before(Operation.FORCE, path);
            super.force(metadata);
        }

        @Override
        public void close() throws IOException {
            super.close();
            before(Operation.CLOSE, path);
        }
    }
}
