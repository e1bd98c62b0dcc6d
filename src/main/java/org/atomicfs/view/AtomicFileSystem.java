package org.atomicfs.view;

import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.atomicfs.AtomicOptions;
import org.atomicfs.commit.Delegate;
import org.atomicfs.commit.Handover;
import org.atomicfs.commit.OpenRequest;
import org.atomicfs.commit.Registry;
import org.atomicfs.commit.Transaction;

/** A file system whose paths are those of another one, wrapped. */
public final class AtomicFileSystem extends FileSystem implements Handover.Owner {
    private final FileSystemProvider provider;
    private final FileSystem delegate;
    private final AtomicOptions options;
    private final Consumer<AtomicFileSystem> onClose;
    private final Transaction transaction; // null unless what is written belongs to one
    private final Selection selection; // null where all writes are atomic
    private volatile boolean closed;

    /**
     * Wraps a file system, for the members of a transaction.
     *
     * @param transaction what is written, moved and deleted here belongs to it
     */
    public AtomicFileSystem(
            Transaction transaction, FileSystemProvider provider, FileSystem delegate, AtomicOptions options) {
        this(provider, delegate, options, null, transaction, null);
    }

    /**
     * Wraps a file system.
     *
     * @param onClose called once, when this one is closed; null for one that cannot be closed without its delegate
     */
    public AtomicFileSystem(
            FileSystemProvider provider,
            FileSystem delegate,
            AtomicOptions options,
            Consumer<AtomicFileSystem> onClose) {
        this(provider, delegate, options, onClose, null, null);
    }

    private AtomicFileSystem(
            FileSystemProvider provider,
            FileSystem delegate,
            AtomicOptions options,
            Consumer<AtomicFileSystem> onClose,
            Transaction transaction,
            Selection selection) {
        this.provider = provider;
        this.delegate = delegate;
        this.options = options;
        this.onClose = onClose;
        this.transaction = transaction;
        this.selection = selection;
    }

    @Override
    public Transaction handover() {
        return transaction;
    }

    /**
     * One that stands in for the JVM's default file system: its paths are {@code file:} paths.
     *
     * @param selection which writes are atomic
     */
    public static AtomicFileSystem standIn(
            FileSystemProvider provider, FileSystem delegate, AtomicOptions options, Selection selection) {
        return new AtomicFileSystem(provider, delegate, options, null, null, selection);
    }

    /** Whether it stands in for the JVM's default file system. */
    public boolean standsIn() {
        return selection != null;
    }

    /** Whether a file that is opened in this way is written atomically. */
    public boolean selects(Path plain, OpenRequest request) {
        return request.writes() && (selection == null || selection.selects(plain, request));
    }

    /** Whether a copy or move to this path is atomic. */
    public boolean selects(Path plain) {
        return selection == null || selection.selects(plain);
    }

    /** The wrapped file system. */
    public FileSystem delegate() {
        return delegate;
    }

    /** How files are written here. */
    public AtomicOptions options() {
        return options;
    }

    /** Wraps a path of the delegate; null stays null. */
    public AtomicPath wrap(Path plain) {
        return plain == null ? null : new AtomicPath(this, plain);
    }

    Iterator<Path> wrap(Iterator<? extends Path> plain) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return plain.hasNext();
            }

            @Override
            public Path next() {
                return wrap(plain.next());
            }

            @Override
            public void remove() {
                plain.remove();
            }
        };
    }

    /** Refuses to work once closed; the delegate does so for itself. */
    public void checkOpen() {
        if (closed) {
            throw new ClosedFileSystemException();
        }
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    /**
     * Aborts the writes that are open here, and closes the delegate as any decorator does; the default file system
     * stays open, since it cannot be closed.
     */
    @Override
    public void close() throws IOException {
        if (transaction != null) {
            throw new UnsupportedOperationException("Close the transaction, and not the file system of its paths");
        }
        boolean isDefault = Delegate.isBuiltIn(delegate);
        if (isDefault && onClose == null) {
            delegate.close(); // says that it cannot be closed
        }
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (onClose != null) {
            onClose.accept(this);
        }
        Registry.abortAll(this, "its file system was closed");
        if (!isDefault) {
            delegate.close();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed && delegate.isOpen();
    }

    @Override
    public boolean isReadOnly() {
        return delegate.isReadOnly();
    }

    @Override
    public String getSeparator() {
        return delegate.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        checkOpen();
        Iterable<Path> roots = delegate.getRootDirectories();
        return () -> wrap(roots.iterator());
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        checkOpen();
        return delegate.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        checkOpen();
        return delegate.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
        checkOpen();
        return wrap(delegate.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        checkOpen();
        PathMatcher matcher = delegate.getPathMatcher(syntaxAndPattern);
        return path -> Objects.requireNonNull(path) instanceof AtomicPath atomic && matcher.matches(atomic.plain());
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        checkOpen();
        return delegate.getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() throws IOException {
        checkOpen();
        return new AtomicWatchService(delegate.newWatchService());
    }

    @Override
    public String toString() {
        return "atomic " + delegate;
    }
}
