package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Copies the content of a file, which was opened to be changed in part, to the temporary, when it is changed first.
 *
 * <p>The channels that it opens stay open until the write has ended: closing any channel of a file drops the record
 * locks that the caller has on it (POSIX, fcntl(2)).
 */
final class LazyCopy implements Closeable {
    private final Destination destination;
    private final List<Closeable> retained = new ArrayList<>(3);

    LazyCopy(Destination destination) {
        this.destination = destination;
    }

    /** Keeps something open until the write has ended. */
    void retain(Closeable open) {
        retained.add(open);
    }

    /**
     * Copies the file that was opened.
     *
     * @param temporary where to
     * @param channel of the temporary, if it can be written through; null if another one has to be opened
     * @param cancelled asked now and then; the rest is not copied once it is true
     * @throws FileSystemException if the destination is no longer the file that was opened
     */
    void copy(Path temporary, SeekableByteChannel channel, BooleanSupplier cancelled) throws IOException {
        SeekableByteChannel from = open(destination.path(), StandardOpenOption.READ);
        requireSame();
        SeekableByteChannel to = channel != null ? channel : open(temporary, StandardOpenOption.WRITE);
        ContentCopy.copy(from, to, cancelled);
    }

    private SeekableByteChannel open(Path file, OpenOption option) throws IOException {
        SeekableByteChannel opened = Delegate.provider(file).newByteChannel(file, Set.of(option));
        retain(opened);
        return opened;
    }

    private void requireSame() throws IOException {
        Path path = destination.path();
        BasicFileAttributes now = destination.delegate().attributesIfExists(path);
        if (now == null) {
            throw new NoSuchFileException(path.toString(), null, "it was removed after it was opened");
        }
        if (!Objects.equals(now.fileKey(), destination.attributes().fileKey())) {
            throw new FileSystemException(
                    path.toString(), null, "it was replaced by another file after it was opened; open it again");
        }
    }

    @Override
    public void close() throws IOException {
        Throwable first = null;
        for (int i = 0; i < retained.size(); i++) {
            try {
                retained.get(i).close();
            } catch (Throwable e) {
                if (first == null) {
                    first = e;
                } else {
                    Messages.suppress(first, e);
                }
            }
        }
        Messages.rethrow(first);
    }
}
