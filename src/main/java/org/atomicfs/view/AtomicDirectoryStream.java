package org.atomicfs.view;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;

/** A delegate's directory stream whose elements are wrapped. */
class AtomicDirectoryStream implements DirectoryStream<Path> {
    final AtomicFileSystem fileSystem;
    private final DirectoryStream<Path> delegate;

    AtomicDirectoryStream(AtomicFileSystem fileSystem, DirectoryStream<Path> delegate) {
        this.fileSystem = fileSystem;
        this.delegate = delegate;
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
