package org.atomicfs.testing;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.atomicfs.AtomicFiles;

/** A directory that belongs to one test, as a plain path and as an atomic one. Closing it removes it. */
public record TestDirectory(Path plain, FileSystem fileSystem) implements Closeable {
    public Path atomic() {
        return AtomicFiles.atomic(plain);
    }

    /** Names of all that is in the directory. */
    public List<String> names() throws IOException {
        return DirectoryListing.names(plain);
    }

    /** Those that do not begin with a dot. */
    public List<String> visibleNames() throws IOException {
        return names().stream().filter(name -> !name.startsWith(".")).toList();
    }

    @Override
    public void close() throws IOException {
        if (fileSystem != null) {
            fileSystem.close();
            return;
        }
        Files.walkFileTree(plain, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
