package org.atomicfs;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.jimfs.WatchServiceConfiguration;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The file systems that the contract is tested over. */
public enum Delegate {
    DEFAULT {
        @Override
        Place create() throws IOException {
            return new Place(Files.createTempDirectory("atomicfs"), null);
        }
    },
    JIMFS_UNIX {
        @Override
        Place create() throws IOException {
            return inMemory(jimfs(Configuration.unix(), "basic", "owner", "posix", "unix", "user"), "/work/dir");
        }
    },
    JIMFS_WINDOWS {
        @Override
        Place create() throws IOException {
            return inMemory(jimfs(Configuration.windows(), "basic", "owner", "dos", "acl", "user"), "C:\\work\\dir");
        }
    },
    MEMORY {
        @Override
        Place create() throws IOException {
            return inMemory(MemoryFileSystemBuilder.newLinux().build(newName()), "/work/dir");
        }
    };

    abstract Place create() throws IOException;

    /** A fresh, empty directory, gone when closed. */
    public static Place place(Delegate delegate) {
        try {
            return delegate.create();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String newName() {
        return "n" + UUID.randomUUID().toString().replace("-", "");
    }

    private static FileSystem jimfs(Configuration configuration, String firstView, String... views) {
        return Jimfs.newFileSystem(
                newName(),
                configuration.toBuilder()
                        .setAttributeViews(firstView, views)
                        .setWatchServiceConfiguration(WatchServiceConfiguration.polling(10, TimeUnit.MILLISECONDS))
                        .build());
    }

    private static Place inMemory(FileSystem fileSystem, String directory) throws IOException {
        return new Place(Files.createDirectories(fileSystem.getPath(directory)), fileSystem);
    }

    /** A directory of a delegate, plain and atomic. */
    public record Place(Path plain, FileSystem owned) implements Closeable {
        public Path atomic() {
            return AtomicFiles.atomic(plain);
        }

        /** Names of all that is in the directory. */
        public List<String> names() throws IOException {
            return Entries.names(plain);
        }

        /** Those that do not begin with a dot. */
        public List<String> visibleNames() throws IOException {
            return names().stream().filter(name -> !name.startsWith(".")).toList();
        }

        @Override
        public void close() throws IOException {
            if (owned != null) {
                owned.close();
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
}
