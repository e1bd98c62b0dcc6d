package org.atomicfs.view;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Iterator;
import java.util.Objects;

/**
 * A path of another file system, wrapped. Immutable. Wraps the delegate's object and never parses its text again: not
 * every name on a disk can be spelled in the JVM's character set.
 */
public final class AtomicPath implements Path {
    private final AtomicFileSystem fileSystem;
    private final Path plain;

    AtomicPath(AtomicFileSystem fileSystem, Path plain) {
        this.fileSystem = fileSystem;
        this.plain = plain;
    }

    /**
     * The delegate's path within an atomic one.
     *
     * @throws ProviderMismatchException if it is not an atomic path
     * @throws NullPointerException if it is null
     */
    public static Path unwrap(Path path) {
        return atomic(path).plain;
    }

    /**
     * The path itself, as an atomic one.
     *
     * @throws ProviderMismatchException if it is not an atomic path
     * @throws NullPointerException if it is null
     */
    public static AtomicPath atomic(Path path) {
        if (Objects.requireNonNull(path) instanceof AtomicPath atomic) {
            return atomic;
        }
        throw new ProviderMismatchException("Not an atomic: path: %s (of %s); wrap it with AtomicFiles.atomic"
                .formatted(path, path.getFileSystem().provider().getScheme()));
    }

    /**
     * A path as it is, or what it wraps if it is one of a file system that stands in for the JVM's default one. That
     * may have come from another class loader: the boot loader, beside the application's own copy of this library.
     */
    public static Path withoutStandIn(Path path) {
        if (path instanceof AtomicPath atomic) {
            return atomic.fileSystem.standsIn() ? atomic.plain : path;
        }
        return path.getClass().getName().equals(AtomicPath.class.getName())
                        && path.getFileSystem() == FileSystems.getDefault()
                ? Foreign.plain(path)
                : path;
    }

    /** Paths of this class as another class loader has it. */
    private static final class Foreign {
        static Path plain(Path path) {
            try {
                return (Path) path.getClass().getMethod("plain").invoke(path);
            } catch (ReflectiveOperationException e) {
                return path;
            }
        }
    }

    /** The delegate's path. */
    public Path plain() {
        return plain;
    }

    private Path wrap(Path result) {
        return result == plain ? this : fileSystem.wrap(result);
    }

    @Override
    public AtomicFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return plain.isAbsolute();
    }

    @Override
    public Path getRoot() {
        return wrap(plain.getRoot());
    }

    @Override
    public Path getFileName() {
        return wrap(plain.getFileName());
    }

    @Override
    public Path getParent() {
        return wrap(plain.getParent());
    }

    @Override
    public int getNameCount() {
        return plain.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return wrap(plain.getName(index));
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
        return wrap(plain.subpath(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(Path other) {
        return Objects.requireNonNull(other) instanceof AtomicPath that && plain.startsWith(that.plain);
    }

    @Override
    public boolean startsWith(String other) {
        return plain.startsWith(other);
    }

    @Override
    public boolean endsWith(Path other) {
        return Objects.requireNonNull(other) instanceof AtomicPath that && plain.endsWith(that.plain);
    }

    @Override
    public boolean endsWith(String other) {
        return plain.endsWith(other);
    }

    @Override
    public Path normalize() {
        return wrap(plain.normalize());
    }

    @Override
    public Path resolve(Path other) {
        AtomicPath that = atomic(other);
        Path result = plain.resolve(that.plain);
        return result == that.plain && that.fileSystem == fileSystem ? that : wrap(result);
    }

    @Override
    public Path resolve(String other) {
        return wrap(plain.resolve(other));
    }

    @Override
    public Path resolveSibling(Path other) {
        if (other instanceof AtomicPath that) {
            return wrap(plain.resolveSibling(that.plain));
        }
        // asked of a path that is foreign to it, as the other one is to us, the delegate refuses, or would return it
        plain.resolveSibling(other == null ? null : this);
        return other;
    }

    @Override
    public Path resolveSibling(String other) {
        return wrap(plain.resolveSibling(other));
    }

    @Override
    public Path relativize(Path other) {
        return wrap(plain.relativize(unwrap(other)));
    }

    /**
     * Leads back to this path, by {@link Path#of(URI)}. There is no {@link java.net.URL} for it, unless it is a path of
     * the JVM's default file system.
     */
    @Override
    public URI toUri() {
        return fileSystem.standsIn() ? plain.toUri() : AtomicUris.of(plain);
    }

    @Override
    public Path toAbsolutePath() {
        return wrap(plain.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        Path archive = ZipArchives.realPath(this, plain);
        return wrap(archive != null ? archive : plain.toRealPath(options));
    }

    /**
     * Throws, unless it is a path of the JVM's default file system, as the specification of {@link Path#toFile}
     * demands. What is written through a {@code File} is not atomic.
     */
    @Override
    public File toFile() {
        if (fileSystem.standsIn()) {
            return new File(plain.toString()); // the delegate's own refuses while it is not the default one
        }
        throw new UnsupportedOperationException("An atomic: path has no File, writing to which would not be atomic;"
                + " AtomicFiles.plain(path).toFile() gives the plain one");
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
            throws IOException {
        if (Objects.requireNonNull(watcher) instanceof AtomicWatchService atomic) {
            return atomic.register(this, events, modifiers);
        }
        throw new ProviderMismatchException("Not a watch service of an atomic: file system: " + watcher);
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>... events) throws IOException {
        return register(watcher, events, new WatchEvent.Modifier[0]);
    }

    @Override
    public Iterator<Path> iterator() {
        return fileSystem.wrap(plain.iterator());
    }

    @Override
    public int compareTo(Path other) {
        return plain.compareTo(((AtomicPath) other).plain);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof AtomicPath that && fileSystem == that.fileSystem && plain.equals(that.plain);
    }

    @Override
    public int hashCode() {
        return plain.hashCode();
    }

    /** As the delegate's; it does not show that the path is atomic, {@link #toUri} does. */
    @Override
    public String toString() {
        return plain.toString();
    }
}
