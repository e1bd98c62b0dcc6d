package org.atomicfs.view;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Iterator;

/** A delegate's directory stream whose elements are wrapped. */
public class AtomicDirectoryStream implements DirectoryStream<Path> {
    final AtomicFileSystem fileSystem;
    private final DirectoryStream<Path> delegate;

    AtomicDirectoryStream(AtomicFileSystem fileSystem, DirectoryStream<Path> delegate) {
        this.fileSystem = fileSystem;
        this.delegate = delegate;
    }

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

    @Override
    public Iterator<Path> iterator() {
        return fileSystem.wrap(delegate.iterator());
    }

    @Override
    public void close() throws IOException {
        delegate.close();
    }
}
