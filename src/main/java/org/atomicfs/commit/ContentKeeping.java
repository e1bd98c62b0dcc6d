package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/**
 * Whether one file system keeps the content of a file that is opened for writing without truncation, and closed with
 * nothing written. Of a provider that is not known this is tried with a small file of its own, before a file of the
 * caller is opened in that way. Safe for use by several threads.
 */
final class ContentKeeping {
    private static final byte CONTENT = 'x';

    private final AttributeReader attributes;
    private volatile boolean rewrites;
    private volatile boolean found; // whether it is known

    /** @param known null for the JDK's own file system */
    ContentKeeping(KnownProviders.Known known, AttributeReader attributes) {
        this.attributes = attributes;
        rewrites = known != null && known.rewrites();
        found = known == null || known.moves() != KnownProviders.Moves.ATOMIC_OR_REFUSED;
    }

    /** Whether the content is lost, as far as that is known. */
    boolean rewrites() {
        return rewrites;
    }

    /**
     * Finds out, if it is not known, with a file beside another one. Where that cannot be found out the content counts
     * as lost, until the next time.
     *
     * @throws FileSystemException if the file of this trial could not be removed
     */
    void findOut(Path file) throws IOException {
        if (!found) {
            synchronized (this) {
                if (!found) {
                    tryBeside(file);
                }
            }
        }
    }

    private void tryBeside(Path file) throws IOException {
        Path own = TemporaryNames.nowhere(file);
        FileSystemProvider provider = file.getFileSystem().provider();
        try {
            try (SeekableByteChannel channel = provider.newByteChannel(
                    own, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                ByteBuffer content = ByteBuffer.wrap(new byte[] {CONTENT});
                while (content.hasRemaining()) {
                    channel.write(content);
                }
            }
            rewrites = !keeps(provider, own, StandardOpenOption.WRITE)
                    || !keeps(provider, own, StandardOpenOption.APPEND);
            found = true;
        } catch (IOException | RuntimeException unknown) {
            rewrites = true;
        } finally {
            remove(provider, own);
        }
    }

    private static boolean keeps(FileSystemProvider provider, Path own, StandardOpenOption option) throws IOException {
        try {
            provider.newByteChannel(own, Set.of(option)).close();
        } catch (UnsupportedOperationException refused) {
            // so it will be when the caller asks for it
        }
        try (SeekableByteChannel channel = provider.newByteChannel(own, Set.of(StandardOpenOption.READ))) {
            ByteBuffer content = ByteBuffer.allocate(2);
            while (channel.read(content) > 0) {}
            return content.position() == 1 && content.get(0) == CONTENT;
        }
    }

    private void remove(FileSystemProvider provider, Path own) throws IOException {
        try {
            provider.deleteIfExists(own);
        } catch (IOException | RuntimeException left) {
            // seen below
        }
        if (attributes.readIfExists(own) != null) {
            throw new FileSystemException(own.toString(), null, ProviderMessages.notRemoved(own));
        }
    }
}
