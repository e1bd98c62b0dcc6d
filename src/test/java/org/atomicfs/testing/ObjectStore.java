package org.atomicfs.testing;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;

/**
 * A store as those of the large clouds, as their providers show it: an object appears when the channel that writes it
 * is closed, with all that was written by then; nothing is renamed, locked or given attributes; opening an object for
 * writing throws its content away; moving copies and deletes; there are no directories. It can be made to fail.
 */
public final class ObjectStore extends FilterFileSystemProvider {
    /** How an upload ends that fails when it is to end. */
    public enum Failure {
        /** Nothing has happened. */
        REFUSED,
        /** The object is there, and the answer was lost. */
        ANSWER_LOST,
        /** The store has let a part of it appear. */
        TORN,
        /** The store has lost the old object. */
        DELETED,
        /** Another writer was quicker. */
        REPLACED
    }

    /** What another writer puts there. */
    public static final String REPLACEMENT = "another writer's";

    private final AtomicLong versions = new AtomicLong();
    private final Map<String, Long> keys = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private volatile boolean hasKeys = true;
    private volatile long failingByte = -1;
    private volatile Failure failure;
    private volatile boolean unreachable;
    private volatile Runnable beforeUpload = () -> {};

    public ObjectStore() {
        super("s3", Jimfs.newFileSystem(Configuration.unix()));
    }

    /** The path of an object. */
    public Path object(String name) {
        return fileSystem.getPath("/bucket/" + name);
    }

    /** Has uploads fail once so many bytes were sent. */
    public void failAtByte(long count) {
        failingByte = count;
    }

    /** Has uploads fail when they end. */
    public void failAtTheEnd(Failure how) {
        failure = how;
    }

    /** Has nothing answer any more after an upload has failed. */
    public void beUnreachableAfterFailure() {
        unreachable = true;
    }

    /** Has objects no keys, as those of some providers. */
    public void haveNoKeys() {
        hasKeys = false;
    }

    /** Has something done when an upload is opened. */
    public void beforeUpload(Runnable action) {
        beforeUpload = action;
    }

    /** What was asked of the store so far that changes something, in words. */
    public List<String> calls() {
        return calls;
    }

    private String key(Path object) {
        return toDelegate(object).toAbsolutePath().toString();
    }

    private void put(Path object, byte[] content) throws IOException {
        Path file = toDelegate(object);
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        Files.write(file, content);
        keys.put(key(object), versions.incrementAndGet());
    }

    private void ask() throws IOException {
        if (unreachable && calls.contains("failed")) {
            throw new IOException("the store does not answer");
        }
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        ask();
        if (!options.contains(StandardOpenOption.WRITE)) {
            return super.newByteChannel(path, options, attributes);
        }
        if (options.contains(StandardOpenOption.READ) || options.contains(StandardOpenOption.APPEND)) {
            throw new UnsupportedOperationException("READ or APPEND");
        }
        calls.add("open " + path.getFileName() + " "
                + options.stream().map(Object::toString).sorted().toList());
        beforeUpload.run();
        return new UploadChannel(path, options.contains(StandardOpenOption.CREATE_NEW));
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(Set.of(options));
        if (all.isEmpty()) {
            all.addAll(Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING));
        }
        all.add(StandardOpenOption.WRITE);
        return Channels.newOutputStream(newByteChannel(path, all));
    }

    private final class UploadChannel implements SeekableByteChannel {
        private final Path object;
        private final boolean isNew;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private boolean open = true;

        UploadChannel(Path object, boolean isNew) {
            this.object = object;
            this.isNew = isNew;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (!open) {
                throw new ClosedChannelException();
            }
            int count = source.remaining();
            for (int i = 0; i < count; i++) {
                if (content.size() == failingByte) {
                    calls.add("failed");
                    throw new IOException("the connection is broken");
                }
                content.write(source.get());
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            if (!open) {
                return;
            }
            open = false;
            calls.add("end " + object.getFileName() + " " + content.size());
            byte[] all = content.toByteArray();
            if (failure != null) {
                calls.add("failed");
                switch (failure) {
                    case REFUSED -> {}
                    case ANSWER_LOST -> put(object, all);
                    case TORN -> put(object, Arrays.copyOf(all, all.length / 2));
                    case DELETED -> Files.deleteIfExists(toDelegate(object));
                    case REPLACED -> put(object, REPLACEMENT.getBytes());
                }
                throw new IOException("the store says " + failure);
            }
            if (isNew && Files.exists(toDelegate(object))) {
                throw new FileAlreadyExistsException(object.toString());
            }
            put(object, all);
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public int read(ByteBuffer target) {
            throw new NonReadableChannelException();
        }

        @Override
        public long position() {
            return content.size();
        }

        @Override
        public SeekableByteChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }
    }

    private record Attributes(BasicFileAttributes of, Object fileKey) implements BasicFileAttributes {
        @Override
        public FileTime lastModifiedTime() {
            return FileTime.fromMillis(of.lastModifiedTime().toMillis() / 1000 * 1000);
        }

        @Override
        public FileTime lastAccessTime() {
            return lastModifiedTime();
        }

        @Override
        public FileTime creationTime() {
            return lastModifiedTime();
        }

        @Override
        public boolean isRegularFile() {
            return of.isRegularFile();
        }

        @Override
        public boolean isDirectory() {
            return of.isDirectory();
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public long size() {
            return of.size();
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        ask();
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException(type.getName());
        }
        BasicFileAttributes found = super.readAttributes(path, BasicFileAttributes.class, options);
        return type.cast(new Attributes(found, hasKeys ? keys.get(key(path)) : null));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        return Map.of();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException("objects are immutable");
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        if (type != BasicFileAttributeView.class) {
            return null;
        }
        return type.cast(new BasicFileAttributeView() {
            @Override
            public String name() {
                return "basic";
            }

            @Override
            public BasicFileAttributes readAttributes() throws IOException {
                return ObjectStore.this.readAttributes(path, BasicFileAttributes.class, options);
            }

            @Override
            public void setTimes(FileTime lastModifiedTime, FileTime lastAccessTime, FileTime createTime) {
                throw new UnsupportedOperationException("objects are immutable");
            }
        });
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AsynchronousFileChannel newAsynchronousFileChannel(
            Path path, Set<? extends OpenOption> options, ExecutorService executor, FileAttribute<?>... attributes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Path path) throws IOException {
        calls.add("delete " + path.getFileName());
        super.delete(path);
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        calls.add("delete " + path.getFileName());
        return super.deleteIfExists(path);
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        if (source.equals(target)) {
            return;
        }
        calls.add("copy to " + target.getFileName());
        if (!Files.exists(toDelegate(source))) {
            throw new NoSuchFileException(source.toString());
        }
        put(target, Files.readAllBytes(toDelegate(source)));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        copy(source, target, options);
        delete(source);
    }

    @Override
    public void createLink(Path link, Path existing) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }
}
