package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/** Finds out whether one file can be moved over another in one step, with two small files of its own. */
final class ReplaceTrial {
    private final FileSystemProvider provider;
    private final AttributeReader attributes;
    private final Path source;
    private final Path target;

    private ReplaceTrial(Path file, AttributeReader attributes) {
        this.attributes = attributes;
        provider = file.getFileSystem().provider();
        source = TemporaryNames.nowhere(file);
        target = TemporaryNames.nowhere(file);
    }

    /**
     * Tries it beside a file.
     *
     * @throws IOException if that could not be found out
     */
    static boolean succeedsBeside(Path file, AttributeReader attributes) throws IOException {
        return new ReplaceTrial(file, attributes).succeeds();
    }

    private boolean succeeds() throws IOException {
        try {
            create(target, 1);
            create(source, 2);
            try {
                provider.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | RuntimeException e) {
                if (isMissing(source) || isMissing(target) || size(source) == 2 && size(target) == 1) {
                    return false;
                }
                throw e;
            }
            return size(target) == 2;
        } finally {
            provider.deleteIfExists(source);
            provider.deleteIfExists(target);
        }
    }

    private void create(Path file, int size) throws IOException {
        try (WritableByteChannel channel =
                provider.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            Channels.newOutputStream(channel).write(new byte[size]); // all of it, however little it takes at once
        }
    }

    private boolean isMissing(Path file) throws IOException {
        return attributes.readIfExists(file) == null;
    }

    private long size(Path file) throws IOException {
        return provider.readAttributes(file, BasicFileAttributes.class).size();
    }
}
