package org.atomicfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.atomicfs.commit.Delegate;
import org.atomicfs.commit.EarlyPublication;
import org.atomicfs.commit.FileMove;
import org.atomicfs.commit.Listing;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.commit.StoredObject;
import org.atomicfs.commit.Transaction;
import org.atomicfs.commit.TransactionMessages;
import org.atomicfs.events.Observation;
import org.atomicfs.view.AtomicPath;
import org.atomicfs.view.AtomicSecureDirectoryStream;
import org.atomicfs.view.AtomicUris;
import org.atomicfs.view.Opens;
import org.atomicfs.view.StoreTimes;
import org.atomicfs.view.WrittenAttributes;
import org.atomicfs.view.ZipArchives;

/**
 * Lets a program write files that appear complete or not at all, by a path:
 * {@code Path.of(URI.create("atomic:/data/out.csv"))}. {@link java.util.ServiceLoader} finds this provider for it; a
 * program does not use the class itself. {@link AtomicFiles} makes the same paths without service lookup.
 *
 * <table class="striped">
 *   <caption>URIs</caption>
 *   <thead><tr><th>form</th><th>meaning</th></tr></thead>
 *   <tbody>
 *     <tr><td>{@code atomic:/data/x}, {@code atomic:///data/x}, {@code atomic:file:///data/x}</td>
 *         <td>a path of the default file system</td></tr>
 *     <tr><td>{@code atomic:data/x}</td>
 *         <td>a relative path of the default file system</td></tr>
 *     <tr><td>{@code atomic:jimfs://name/x}, {@code atomic:jar:file:///a.zip!/x}, …</td>
 *         <td>a path of any other provider, whose file system exists</td></tr>
 *   </tbody>
 * </table>
 *
 * <h2>What is guaranteed</h2>
 *
 * <p>What can change a file's content goes through a temporary; everything else, reading above all, is the wrapped
 * provider's own: {@code newInputStream} and a channel opened for reading only are returned as the wrapped provider
 * made them. All instances work alike, and every path belongs to the same one, {@code path.getFileSystem().provider()},
 * however it was made. Safe for use by several threads.
 *
 * <h2>What is not</h2>
 *
 * <p>Files opened with {@code DELETE_ON_CLOSE}, and destinations that are no regular files, are written in place. While
 * the JVM shuts down only its shutdown hooks can open files for writing: a thread of the program gets a
 * {@link java.nio.file.FileSystemException}.
 */
public final class AtomicFileSystemProvider extends FileSystemProvider {
    /** In a class of its own: the constructor, which service lookup calls, does no work. */
    private static final class Shared {
        static final AtomicFileSystemProvider PROVIDER = new AtomicFileSystemProvider();
        static final FileSystemRegistry FILE_SYSTEMS = new FileSystemRegistry(PROVIDER);
    }

    /** Makes an instance, for {@link java.util.ServiceLoader}. */
    public AtomicFileSystemProvider() {}

    static FileSystemRegistry fileSystems() {
        return Shared.FILE_SYSTEMS;
    }

    @Override
    public String getScheme() {
        return AtomicUris.SCHEME;
    }

    /**
     * Makes a file system with options over the one that the URI is about, which must exist. Until it is closed,
     * {@link #getFileSystem} and {@link #getPath} give this one.
     *
     * @param env see {@link AtomicOptions}
     * @throws java.nio.file.FileSystemAlreadyExistsException if one was made and is not closed
     */
    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        AtomicOptions options = AtomicOptions.fromEnv(env);
        return fileSystems().add(toPlain(uri).getFileSystem(), options);
    }

    /** Returns the file system of a URI; it exists wherever the one that it wraps exists. */
    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystems().get(toPlain(uri).getFileSystem());
    }

    @Override
    public Path getPath(URI uri) {
        Path plain = toPlain(uri);
        return fileSystems().get(plain.getFileSystem()).wrap(plain);
    }

    private static Path toPlain(URI uri) {
        Observation.expectServices();
        return AtomicPath.withoutStandIn(AtomicUris.toPlain(uri));
    }

    /** The path as an atomic one, for doing something with its file: its file system has to be open. */
    private static AtomicPath usable(Path path) {
        AtomicPath atomic = AtomicPath.atomic(path);
        atomic.getFileSystem().checkOpen();
        return atomic;
    }

    /** The delegate's path, for doing something with the delegate's file. */
    private static Path plain(Path path) {
        return usable(path).plain();
    }

    private static FileSystemProvider provider(Path plain) {
        return plain.getFileSystem().provider();
    }

    /** The transaction that a path belongs to; null for one that belongs to none. */
    private static Transaction transaction(Path path) {
        return AtomicPath.atomic(path).getFileSystem().handover();
    }

    /** Links and special files are made at once, and so cannot be taken back. */
    private static void refuseInTransaction(Path path) {
        if (transaction(path) != null) {
            throw new UnsupportedOperationException("A transaction makes no links: " + path);
        }
    }

    private static AtomicOptions options(AtomicPath path) {
        AtomicOptions options = path.getFileSystem().options();
        return options.commitPolicy() == CommitPolicy.EXPLICIT ? ZipArchives.optionsFor(options) : options;
    }

    private static OpenRequest request(AtomicPath path, Set<? extends OpenOption> options) {
        return goingOnInPlace(path, OpenRequest.ofChannel(options, options(path)));
    }

    private static OpenRequest goingOnInPlace(AtomicPath path, OpenRequest request) {
        return path.getFileSystem().standsIn() ? request.goingOnInPlace() : request;
    }

    /** A program that does not know that it writes atomically may change, by its path, what it is writing. */
    private static void beforeChange(AtomicPath path) {
        if (path.getFileSystem().standsIn()) {
            EarlyPublication.ofPath(path.plain());
        }
    }

    private static void beforeOpenInPlace(AtomicPath path, OpenRequest request) {
        if (request.writes()) {
            beforeChange(path);
        }
    }

    private static boolean isSelected(AtomicPath target) {
        return target.getFileSystem().selects(target.plain());
    }

    @Override
    public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
        AtomicPath atomic = usable(path);
        return provider(atomic.plain()).newInputStream(atomic.plain(), OpenRequest.withoutOurs(options));
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        AtomicPath atomic = usable(path);
        OpenRequest request = goingOnInPlace(atomic, OpenRequest.ofStream(options, options(atomic)));
        if (!atomic.getFileSystem().selects(atomic.plain(), request)) {
            beforeChange(atomic);
            return provider(atomic.plain()).newOutputStream(atomic.plain(), OpenRequest.withoutOurs(options));
        }
        if (transaction(atomic) != null && JdkCopy.isMovingFromElsewhere()) {
            throw TransactionMessages.plainSource(atomic.plain());
        }
        OutputStream archive = request.createsNew()
                ? ZipArchives.create(
                        path,
                        atomic.plain(),
                        atomic.getFileSystem(),
                        atomic.getFileSystem().options())
                : null;
        if (archive != null) {
            return archive;
        }
        return request.createsNew() && JdkCopy.isOwing() && JdkCopy.replaces(atomic.plain(), found(path))
                ? Opens.replacingStream(atomic, request.atomic())
                : Opens.stream(atomic, request);
    }

    @Override
    public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
            throws IOException {
        AtomicPath atomic = usable(path);
        OpenRequest request = request(atomic, options);
        if (atomic.getFileSystem().selects(atomic.plain(), request)) {
            return Opens.byteChannel(atomic, request, attrs);
        }
        beforeOpenInPlace(atomic, request);
        return !request.writes() && ZipArchives.mayBeOpening(atomic.plain()) && isSelected(atomic)
                ? ZipArchives.open(
                        path,
                        atomic.plain(),
                        atomic.getFileSystem(),
                        atomic.getFileSystem().options(),
                        request.options(),
                        attrs)
                : provider(atomic.plain()).newByteChannel(atomic.plain(), request.options(), attrs);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
            throws IOException {
        AtomicPath atomic = usable(path);
        OpenRequest request = request(atomic, options);
        if (atomic.getFileSystem().selects(atomic.plain(), request)) {
            return Opens.fileChannel(atomic, request, attrs);
        }
        beforeOpenInPlace(atomic, request);
        return provider(atomic.plain()).newFileChannel(atomic.plain(), request.options(), attrs);
    }

    @Override
    public AsynchronousFileChannel newAsynchronousFileChannel(
            Path path, Set<? extends OpenOption> options, ExecutorService executor, FileAttribute<?>... attrs)
            throws IOException {
        AtomicPath atomic = usable(path);
        OpenRequest request = request(atomic, options);
        if (atomic.getFileSystem().selects(atomic.plain(), request)) {
            return Opens.asynchronousFileChannel(atomic, request, executor, attrs);
        }
        beforeOpenInPlace(atomic, request);
        return provider(atomic.plain()).newAsynchronousFileChannel(atomic.plain(), request.options(), executor, attrs);
    }

    /** Lists a directory, without the temporaries of this JVM's own writes. */
    @Override
    public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        AtomicPath atomic = usable(dir);
        Objects.requireNonNull(filter);
        Listing listing = new Listing();
        return AtomicSecureDirectoryStream.of(
                atomic,
                provider(atomic.plain())
                        .newDirectoryStream(
                                atomic.plain(),
                                entry -> listing.shows(entry)
                                        && filter.accept(atomic.getFileSystem().wrap(entry))));
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attrs) throws IOException {
        Path plain = plain(dir);
        beforeChange(usable(dir));
        if (JdkCopy.isOwing() && JdkCopy.owesDeletion(plain, found(dir))) {
            provider(plain).deleteIfExists(plain);
        }
        provider(plain).createDirectory(plain, attrs);
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attrs) throws IOException {
        Path plain = plain(link);
        refuseInTransaction(link);
        beforeChange(usable(link));
        provider(plain).createSymbolicLink(plain, AtomicPath.unwrap(target), attrs);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        Path plain = plain(link);
        refuseInTransaction(link);
        AtomicPath linked = usable(existing);
        beforeChange(usable(link));
        beforeChange(linked);
        provider(plain).createLink(plain, linked.plain());
    }

    /** Deletes; what a path of a transaction leads to is deleted with the commit, unless it is a directory. */
    @Override
    public void delete(Path path) throws IOException {
        Path plain = plain(path);
        Transaction transaction = transaction(path);
        if (ZipArchives.replaces(path)) {
            return;
        }
        beforeChange(usable(path));
        if (transaction != null && !isDirectory(path)) {
            transaction.delete(plain);
        } else {
            provider(plain).delete(plain);
        }
    }

    private boolean isDirectory(Path path) throws IOException {
        BasicFileAttributes found = found(path);
        return found != null && found.isDirectory();
    }

    /** Deletes; only a file that the JDK's own copying is about to replace is left until it is replaced. */
    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        Path plain = plain(path);
        beforeChange(usable(path));
        if (JdkCopy.isDeleting() && isSelected(usable(path))) {
            BasicFileAttributes found = found(path);
            if (found != null && (found.isRegularFile() || found.isSymbolicLink())) {
                JdkCopy.putOff(plain, found);
                return true;
            }
        }
        if (transaction(path) != null && !isDirectory(path)) {
            try {
                transaction(path).delete(plain);
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        }
        return provider(plain).deleteIfExists(plain);
    }

    /** What is at a path itself; null if nothing is. */
    private BasicFileAttributes found(Path path) throws IOException {
        Path plain = plain(path);
        BasicFileAttributes found = readAttributesIfExists(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return found != null || Delegate.isBuiltIn(plain.getFileSystem())
                ? found
                : Delegate.of(plain).attributesIfExists(plain); // others may give none of a file that is there
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        AtomicPath atomic = usable(link);
        return atomic.getFileSystem().wrap(provider(atomic.plain()).readSymbolicLink(atomic.plain()));
    }

    /** Copies; a regular file appears at the target complete, and a file that is replaced stays until then. */
    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        AtomicPath from = usable(source);
        AtomicPath to = usable(target);
        beforeChange(to);
        if (isSelected(to)) {
            Opens.copy(from, to, options);
        } else {
            provider(from.plain()).copy(from.plain(), to.plain(), options);
        }
    }

    /** Moves; a file that is replaced stays until the other one takes its place, complete. */
    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        AtomicPath from = usable(source);
        AtomicPath to = usable(target);
        if (from.getFileSystem().standsIn()) {
            EarlyPublication.ofTree(from.plain());
        }
        beforeChange(to);
        if (!isSelected(to)) {
            FileMove.asDelegate(from.plain(), to.plain(), options);
        } else if (!ZipArchives.move(from.plain(), target, options)) {
            Opens.move(from, to, options);
        }
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return path.equals(Objects.requireNonNull(other))
                || path instanceof AtomicPath
                        && other instanceof AtomicPath
                        && provider(plain(path)).isSameFile(plain(path), plain(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        Path plain = plain(path);
        return provider(plain).isHidden(plain);
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        Path plain = plain(path);
        return provider(plain).getFileStore(plain);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Path plain = plain(path);
        JdkCopy.forget(plain);
        if (!ZipArchives.isCreating(plain, modes)) {
            provider(plain).checkAccess(plain, modes);
        }
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        Path plain = plain(path);
        if (ZipArchives.hasNoAttributes(path, plain)) {
            return null;
        }
        V view = provider(plain).getFileAttributeView(plain, type, options);
        if (usable(path).getFileSystem().standsIn() && EarlyPublication.isPossible(plain)) {
            return WrittenAttributes.of(view, type, plain);
        }
        return type == BasicFileAttributeView.class && StoredObject.is(plain) && JdkCopy.isCopyingAttributes()
                ? type.cast(new StoreTimes((BasicFileAttributeView) view))
                : view;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        Path plain = plain(path);
        return provider(plain).readAttributes(plain, type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        Path plain = plain(path);
        return provider(plain).readAttributes(plain, attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        Path plain = plain(path);
        beforeChange(usable(path));
        provider(plain).setAttribute(plain, attribute, value, options);
    }

    /**
     * Tests whether a file exists. A method of {@code FileSystemProvider} since Java 20; {@link Files#exists} leads to
     * the wrapped provider's own one where there is one.
     *
     * @param path an atomic path
     * @param options whether links are followed
     * @return whether the file exists
     */
    // no @Override: not there in Java 17
    public boolean exists(Path path, LinkOption... options) {
        Path plain = plain(path);
        JdkCopy.forget(plain);
        return Files.exists(plain, options);
    }

    /**
     * Reads attributes, if there is such a file. A method of {@code FileSystemProvider} since Java 20, which does not
     * throw for a missing file on the way.
     *
     * @param <A> the type of attributes
     * @param path an atomic path
     * @param type the class of attributes
     * @param options whether links are followed
     * @return the attributes, or null when there is no such file
     * @throws IOException if they cannot be read
     */
    // no @Override: not there in Java 17
    public <A extends BasicFileAttributes> A readAttributesIfExists(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (Newer.READ_IF_EXISTS == null) {
            try {
                return readAttributes(path, type, options);
            } catch (NoSuchFileException e) {
                return null;
            }
        }
        Path plain = plain(path);
        try {
            return type.cast((BasicFileAttributes)
                    Newer.READ_IF_EXISTS.invokeExact(provider(plain), plain, (Class<?>) type, options));
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("not declared by the method", e);
        }
    }

    /** What newer JDKs have. */
    private static final class Newer {
        static final MethodHandle READ_IF_EXISTS = find();

        private static MethodHandle find() {
            MethodType erased =
                    MethodType.methodType(BasicFileAttributes.class, Path.class, Class.class, LinkOption[].class);
            try {
                return MethodHandles.publicLookup()
                        .findVirtual(FileSystemProvider.class, "readAttributesIfExists", erased)
                        .asFixedArity();
            } catch (NoSuchMethodException | IllegalAccessException before20) {
                return null;
            }
        }
    }
}
