package org.atomicfs.testing;

import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.tests.mockfile.FilterAsynchronousFileChannel;
import org.apache.lucene.tests.mockfile.FilterDirectoryStream;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystem;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.apache.lucene.tests.mockfile.FilterPath;
import org.apache.lucene.tests.mockfile.FilterSeekableByteChannel;

/**
 * A file system over another one that calls an observer before each operation that changes or forces something, and if
 * it wants after it and before those that only look. The observer can let the operation fail by an exception.
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

    /** An operation that changes no file. */
    public enum Look {
        ATTRIBUTES,
        ACCESS,
        LINK_TARGET,
        REAL_PATH,
        FILE_STORE,
        /** Any operation on a view of attributes, also one that changes them. */
        VIEW,
        ENTRIES,
        LOCK,
        UNLOCK,
        READ,
        SIZE,
        POSITION
    }

    /** Is called before each operation; what it throws is thrown instead of the operation. */
    @FunctionalInterface
    public interface Observer {
        void before(Operation operation, Path file) throws IOException;

        /** Is called before each operation that changes no file; what it throws is thrown instead of the operation. */
        default void before(Look look, Path file) throws IOException {}

        /** Is called after an operation took effect; what it throws is thrown although that is so. */
        default void after(Enum<?> operation, Path file) throws IOException {}
    }

    private final Observer observer;
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();

    private ObservedFileSystem(FileSystem delegate, Observer observer) {
        super("observed", delegate);
        this.observer = observer;
    }

    /** The same file, as a path whose operations are observed. */
    public static Path over(Path plain, Observer observer) {
        return new ObservedFileSystem(plain.getFileSystem(), observer).wrapPath(plain);
    }

    /** The same file, as a path whose provider has no {@code newFileChannel}, which providers need not have. */
    public static Path withoutFileChannels(Path plain) {
        return new FilterFileSystemProvider("channelless", plain.getFileSystem()) {
            @Override
            public FileChannel newFileChannel(
                    Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
                throw new UnsupportedOperationException();
            }
        }.wrapPath(plain);
    }

    /** Closes all channels that were opened through this path's file system, while the library still uses them. */
    public static void closeChannels(Path path) throws IOException {
        for (Channel channel : ((ObservedFileSystem) path.getFileSystem().provider()).channels) {
            channel.close();
        }
    }

    /** How many streams, channels and listings of this path's file system are open. */
    public static int countOpen(Path path) {
        return ((ObservedFileSystem) path.getFileSystem().provider()).open.get();
    }

    private void before(Operation operation, Path file) throws IOException {
        observer.before(operation, toDelegate(file));
    }

    private void before(Look look, Path file) throws IOException {
        observer.before(look, toDelegate(file));
    }

    private void after(Enum<?> operation, Path file) throws IOException {
        observer.after(operation, toDelegate(file));
    }

    /** What was opened is closed before the observer can let the open fail: the caller has no way to close it. */
    private <C extends Closeable> C opened(C opened, Path file) throws IOException {
        try {
            after(Operation.OPEN, file);
        } catch (Throwable e) {
            opened.close();
            throw e;
        }
        if (opened instanceof Channel channel) {
            channels.add(channel);
        }
        open.incrementAndGet();
        return opened;
    }

    private void closed(Path file) throws IOException {
        open.decrementAndGet();
        before(Operation.CLOSE, file);
    }

    private void beforeOpen(Path file, Set<? extends OpenOption> options) throws IOException {
        boolean creates = options.stream().anyMatch(option -> option.toString().startsWith("CREATE"));
        before(creates ? Operation.CREATE : Operation.OPEN, file);
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        beforeOpen(path, Set.of(options));
        return new FilterOutputStream(opened(super.newOutputStream(path, options), path)) {
            private boolean closed;

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                before(Operation.WRITE, path);
                out.write(bytes, offset, length);
                after(Operation.WRITE, path);
            }

            @Override
            public void write(int b) throws IOException {
                before(Operation.WRITE, path);
                out.write(b);
                after(Operation.WRITE, path);
            }

            @Override
            public void close() throws IOException {
                if (!closed) {
                    closed = true;
                    out.close(); // a failing close leaves no descriptor behind
                    closed(path);
                }
            }
        };
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        beforeOpen(path, options);
        SeekableByteChannel channel = opened(super.newByteChannel(path, options, attributes), path);
        return channel instanceof FileChannel file ? new Files(file, path) : new Bytes(channel, path);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        beforeOpen(path, options);
        boolean inMemory = toDelegate(path).getFileSystem() != FileSystems.getDefault();
        if (inMemory && java.nio.file.Files.isDirectory(path)) {
            Path any = java.nio.file.Files.createTempFile("directory", null); // jimfs opens no directories
            return new Files(
                    opened(FileChannel.open(any, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE), path),
                    path);
        }
        return new Files(opened(super.newFileChannel(path, options, attributes), path), path);
    }

    @Override
    public AsynchronousFileChannel newAsynchronousFileChannel(
            Path path, Set<? extends OpenOption> options, ExecutorService executor, FileAttribute<?>... attributes)
            throws IOException {
        beforeOpen(path, options);
        return new Asynchronous(
                opened(super.newAsynchronousFileChannel(path, options, executor, attributes), path), path);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        before(Operation.MOVE, target);
        super.move(source, target, options);
        after(Operation.MOVE, target);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        before(Operation.LINK, link);
        super.createLink(link, existing);
        after(Operation.LINK, link);
    }

    @Override
    public void delete(Path path) throws IOException {
        before(Operation.DELETE, path);
        super.delete(path);
        after(Operation.DELETE, path);
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        before(Operation.DELETE, path);
        boolean deleted = super.deleteIfExists(path);
        after(Operation.DELETE, path);
        return deleted;
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        before(Operation.CREATE_DIRECTORY, directory);
        super.createDirectory(directory, attributes);
        after(Operation.CREATE_DIRECTORY, directory);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        before(Operation.SET_ATTRIBUTE, path);
        super.setAttribute(path, attribute, value, options);
        after(Operation.SET_ATTRIBUTE, path);
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        before(Operation.LINK, link);
        super.createSymbolicLink(link, target, attributes);
        after(Operation.LINK, link);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        before(Look.ATTRIBUTES, path);
        return super.readAttributes(path, type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        before(Look.ATTRIBUTES, path);
        return super.readAttributes(path, attributes, options);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        before(Look.ACCESS, path);
        super.checkAccess(path, modes);
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        before(Look.LINK_TARGET, link);
        return super.readSymbolicLink(link);
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        before(Look.FILE_STORE, path);
        return super.getFileStore(path);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        before(Look.ENTRIES, directory);
        DirectoryStream<Path> listing = opened(super.newDirectoryStream(directory, filter), directory);
        return new FilterDirectoryStream(listing, fileSystem) {
            private boolean closed;

            @Override
            public Iterator<Path> iterator() {
                try {
                    before(Look.ENTRIES, directory);
                } catch (IOException e) {
                    throw new DirectoryIteratorException(e);
                }
                return listing.iterator();
            }

            @Override
            public void close() throws IOException {
                if (!closed) {
                    closed = true;
                    listing.close();
                    closed(directory);
                }
            }
        };
    }

    /** Each method of the view is observed; the delegate's own one does the work. */
    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        V view = super.getFileAttributeView(path, type, options);
        if (view == null) {
            return null;
        }
        InvocationHandler handler = (proxy, method, arguments) -> {
            before(Look.VIEW, path);
            Object result;
            try {
                result = method.invoke(view, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            after(Look.VIEW, path);
            return result;
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public FilterPath wrapPath(Path path) {
        return new ObservedPath(path, fileSystem);
    }

    private final class ObservedPath extends FilterPath {
        ObservedPath(Path delegate, FilterFileSystem fileSystem) {
            super(delegate, fileSystem);
        }

        @Override
        public Path toRealPath(LinkOption... options) throws IOException {
            before(Look.REAL_PATH, this);
            return super.toRealPath(options);
        }
    }

    private final class ObservedLock extends FileLock {
        private final FileLock lock;
        private final Path path;

        ObservedLock(FileLock lock, FileChannel channel, Path path) {
            super(channel, lock.position(), lock.size(), lock.isShared());
            this.lock = lock;
            this.path = path;
        }

        ObservedLock(FileLock lock, AsynchronousFileChannel channel, Path path) {
            super(channel, lock.position(), lock.size(), lock.isShared());
            this.lock = lock;
            this.path = path;
        }

        @Override
        public boolean isValid() {
            return lock.isValid();
        }

        @Override
        public void release() throws IOException {
            before(Look.UNLOCK, path);
            lock.release();
            after(Look.UNLOCK, path);
        }
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
            int result = super.write(source);
            after(Operation.WRITE, path);
            return result;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            before(Operation.WRITE, path);
            int result = super.write(source, position);
            after(Operation.WRITE, path);
            return result;
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            before(Operation.WRITE, path);
            long result = super.write(sources, offset, length);
            after(Operation.WRITE, path);
            return result;
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            before(Operation.WRITE, path);
            super.truncate(size);
            after(Operation.WRITE, path);
            return this;
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            before(Operation.WRITE, path);
            long result = super.transferFrom(source, position, count);
            after(Operation.WRITE, path);
            return result;
        }

        @Override
        public void force(boolean metadata) throws IOException {
            before(Operation.FORCE, path);
            super.force(metadata);
            after(Operation.FORCE, path);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            before(Look.READ, path);
            return super.read(target);
        }

        @Override
        public long size() throws IOException {
            before(Look.SIZE, path);
            return super.size();
        }

        @Override
        public long position() throws IOException {
            before(Look.POSITION, path);
            return super.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            before(Look.POSITION, path);
            super.position(position);
            return this;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            before(Look.READ, path);
            return super.transferTo(position, count, target);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            before(Look.LOCK, path);
            FileLock lock = super.tryLock(position, size, shared);
            after(Look.LOCK, path);
            return lock == null ? null : new ObservedLock(lock, this, path);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            super.implCloseChannel();
            closed(path);
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
            int result = super.write(source);
            after(Operation.WRITE, path);
            return result;
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            before(Operation.WRITE, path);
            super.truncate(size);
            after(Operation.WRITE, path);
            return this;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            before(Look.READ, path);
            return super.read(target);
        }

        @Override
        public long size() throws IOException {
            before(Look.SIZE, path);
            return super.size();
        }

        @Override
        public long position() throws IOException {
            before(Look.POSITION, path);
            return super.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            before(Look.POSITION, path);
            super.position(position);
            return this;
        }

        @Override
        public void close() throws IOException {
            if (isOpen()) {
                super.close();
                closed(path);
            }
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
            try {
                before(Operation.WRITE, path);
                Future<Integer> written = super.write(source, position);
                after(Operation.WRITE, path);
                return written;
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
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
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            before(Look.LOCK, path);
            FileLock lock = super.tryLock(position, size, shared);
            after(Look.LOCK, path);
            return lock == null ? null : new ObservedLock(lock, this, path);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            before(Operation.FORCE, path);
            super.force(metadata);
            after(Operation.FORCE, path);
        }

        @Override
        public void close() throws IOException {
            if (isOpen()) {
                super.close();
                closed(path);
            }
        }
    }
}
