package org.atomicfs.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/** A small file beside another one, with which it is tried what a provider does. Is removed when it is closed. */
final class TrialFile implements AutoCloseable {
    private static final String CONTENT = "a trial of atomicfs";

    private final FileSystemProvider provider;
    private final Path path;

    /** Creates nothing yet. */
    TrialFile(Path beside) {
        provider = beside.getFileSystem().provider();
        path = TemporaryNames.nowhere(beside);
    }

    SeekableByteChannel create() throws IOException {
        return open(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    SeekableByteChannel open(OpenOption... options) throws IOException {
        return provider.newByteChannel(path, Set.of(options));
    }

    static void fill(SeekableByteChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(CONTENT.getBytes(StandardCharsets.US_ASCII));
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }

    boolean isFilled() throws IOException {
        try (SeekableByteChannel channel = open(StandardOpenOption.READ)) {
            ByteBuffer content = ByteBuffer.allocate(CONTENT.length() + 1);
            while (channel.read(content) > 0) {}
            return StandardCharsets.US_ASCII.decode(content.flip()).toString().equals(CONTENT);
        }
    }

    /** The key that it has now; null if it has none. */
    Object key() throws IOException {
        return attributes().fileKey();
    }

    private BasicFileAttributes attributes() throws IOException {
        return provider.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private boolean isSeen() {
        try {
            return attributes() != null;
        } catch (IOException | RuntimeException missing) {
            return false;
        }
    }

    /** @throws FileSystemException that names it, if it could not be removed */
    @Override
    public void close() throws IOException {
        try {
            provider.deleteIfExists(path);
        } catch (IOException | RuntimeException left) {
            // seen below
        }
        if (isSeen()) {
            throw new FileSystemException(path.toString(), null, ProviderMessages.notRemoved(path));
        }
    }
}
