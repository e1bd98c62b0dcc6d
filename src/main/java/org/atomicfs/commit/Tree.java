package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** A directory with all that is below it. Links are never followed. */
final class Tree {
    private static final String ARCHIVES = "jar"; // the scheme of the JDK's provider for zip files

    private Tree() {}

    /** Refuses a place to which no directory can be moved with all that is below it. */
    static void requireMovable(Path place) throws FileSystemException {
        if (place.toAbsolutePath().getFileName() == null) {
            throw new FileSystemException(place.toString(), null, TransactionMessages.ROOT);
        }
        if (Delegate.provider(place).getScheme().equals(ARCHIVES)) { // its move leaves behind what is below it
            throw new FileSystemException(place.toString(), null, TransactionMessages.IN_ARCHIVE);
        }
    }

    /** Forces all files and directories, bottom up; to be awaited. */
    static void force(Path top, Forces forces) throws IOException {
        Delegate delegate = Delegate.of(top);
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    forces.submit(() -> forceFile(file));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                forces.submit(() -> delegate.forceDirectory(directory));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void forceFile(Path file) throws IOException {
        try {
            force(file, StandardOpenOption.READ);
        } catch (AccessDeniedException unreadable) {
            force(file, StandardOpenOption.WRITE);
        }
    }

    private static void force(Path file, StandardOpenOption how) throws IOException {
        try (FileChannel channel =
                Delegate.provider(file).newFileChannel(file, Set.of(how, LinkOption.NOFOLLOW_LINKS))) {
            channel.force(true);
        }
    }

    /** Removes everything; does nothing if it is not there. */
    static void delete(Path top) throws IOException {
        if (Delegate.of(top).attributesIfExists(top) == null) {
            return;
        }
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
