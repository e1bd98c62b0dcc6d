package org.atomicfs.view;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.atomicfs.commit.EarlyPublication;
import org.atomicfs.commit.Listing;
import org.atomicfs.commit.OpenRequest;

/**
 * A secure directory stream. What is relative to the open directory stays so in the delegate, except a channel for
 * writing: a commit needs operations that a secure directory stream does not have, so that goes by the directory's
 * path, and is refused once the path leads to another directory.
 */
public final class AtomicSecureDirectoryStream extends AtomicDirectoryStream implements SecureDirectoryStream<Path> {
    private final AtomicPath directory;
    private final SecureDirectoryStream<Path> delegate;
    private final Listing listing = new Listing();

    /**
     * Wraps the stream of a directory; a secure one stays secure.
     *
     * @param directory what was opened
     */
    public static DirectoryStream<Path> of(AtomicPath directory, DirectoryStream<Path> delegate) {
        return delegate instanceof SecureDirectoryStream<Path> secure
                ? new AtomicSecureDirectoryStream(directory, secure)
                : new AtomicDirectoryStream(directory.getFileSystem(), delegate);
    }

    AtomicSecureDirectoryStream(AtomicPath directory, SecureDirectoryStream<Path> delegate) {
        super(directory.getFileSystem(), delegate);
        this.directory = directory;
        this.delegate = delegate;
    }

    /** Temporaries of this JVM are left out here: a directory opened by way of another one takes no filter. */
    @Override
    public Iterator<Path> iterator() {
        Iterator<Path> entries = delegate.iterator();
        return new Iterator<>() {
            private Path next;

            @Override
            public boolean hasNext() {
                while (next == null && entries.hasNext()) {
                    Path entry = entries.next();
                    next = listing.shows(entry) ? entry : null;
                }
                return next != null;
            }

            @Override
            public Path next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Path entry = next;
                next = null;
                return fileSystem.wrap(entry);
            }
        };
    }

    @Override
    public SecureDirectoryStream<Path> newDirectoryStream(Path path, LinkOption... options) throws IOException {
        return new AtomicSecureDirectoryStream(
                AtomicPath.atomic(directory.resolve(path)),
                delegate.newDirectoryStream(AtomicPath.unwrap(path), options));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        OpenRequest request = OpenRequest.ofChannel(options, fileSystem.options());
        AtomicPath file = AtomicPath.atomic(directory.resolve(path));
        if (!fileSystem.selects(file.plain(), request)) {
            if (request.writes()) {
                beforeChange(path);
            }
            return delegate.newByteChannel(AtomicPath.unwrap(path), request.options(), attributes);
        }
        if (fileSystem.standsIn() && !path.isAbsolute() && !isStillThere()) {
            return delegate.newByteChannel(AtomicPath.unwrap(path), request.options(), attributes);
        }
        requireStillThere(path);
        return Opens.byteChannel(file, fileSystem.standsIn() ? request.goingOnInPlace() : request, attributes);
    }

    /** As for the same change by a path that is not relative to this directory. */
    private void beforeChange(Path path) {
        if (fileSystem.standsIn()) {
            EarlyPublication.ofPath(AtomicPath.unwrap(directory.resolve(path)));
        }
    }

    private void requireStillThere(Path path) throws IOException {
        if (!path.isAbsolute() && !isStillThere()) {
            throw new FileSystemException(
                    directory.resolve(path).toString(),
                    null,
                    "its directory was moved since it was opened, and by a secure directory stream alone nothing can be"
                            + " written atomically; open the directory anew");
        }
    }

    private boolean isStillThere() throws IOException {
        Object open = delegate.getFileAttributeView(BasicFileAttributeView.class)
                .readAttributes()
                .fileKey();
        try {
            return Objects.equals(
                    open,
                    Files.readAttributes(directory, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** What a transaction deletes goes by its path, and with its commit. */
    @Override
    public void deleteFile(Path path) throws IOException {
        if (fileSystem.handover() != null) {
            requireStillThere(path);
            fileSystem.handover().delete(AtomicPath.unwrap(directory.resolve(path)));
            return;
        }
        beforeChange(path);
        delegate.deleteFile(AtomicPath.unwrap(path));
    }

    @Override
    public void deleteDirectory(Path path) throws IOException {
        delegate.deleteDirectory(AtomicPath.unwrap(path));
    }

    @Override
    public void move(Path source, SecureDirectoryStream<Path> target, Path targetPath) throws IOException {
        if (!(Objects.requireNonNull(target) instanceof AtomicSecureDirectoryStream atomic)) {
            throw new ProviderMismatchException("Not a directory stream of an atomic: path: " + target);
        }
        if (fileSystem.handover() != null || atomic.fileSystem.handover() != null) {
            requireStillThere(source);
            atomic.requireStillThere(targetPath);
            Opens.move(
                    AtomicPath.atomic(directory.resolve(source)),
                    AtomicPath.atomic(atomic.directory.resolve(targetPath)));
            return;
        }
        if (fileSystem.standsIn()) {
            EarlyPublication.ofTree(AtomicPath.unwrap(directory.resolve(source)));
        }
        atomic.beforeChange(targetPath);
        delegate.move(AtomicPath.unwrap(source), atomic.delegate, AtomicPath.unwrap(targetPath));
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Class<V> type) {
        return delegate.getFileAttributeView(type);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        V view = delegate.getFileAttributeView(AtomicPath.unwrap(path), type, options);
        Path plain = AtomicPath.unwrap(directory.resolve(path));
        return fileSystem.standsIn() && EarlyPublication.isPossible(plain)
                ? WrittenAttributes.of(view, type, plain)
                : view;
    }
}
