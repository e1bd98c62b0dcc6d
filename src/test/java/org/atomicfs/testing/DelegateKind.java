package org.atomicfs.testing;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.common.jimfs.WatchServiceConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The kinds of file system that the library is tested over. */
public enum DelegateKind {
    DEFAULT {
        @Override
        TestDirectory create() throws IOException {
            return new TestDirectory(Files.createTempDirectory("atomicfs"), null);
        }
    },
    JIMFS_UNIX {
        @Override
        TestDirectory create() throws IOException {
            return inMemory(jimfs(Configuration.unix(), "basic", "owner", "posix", "unix", "user"), "/work/dir");
        }
    },
    JIMFS_WINDOWS {
        @Override
        TestDirectory create() throws IOException {
            return inMemory(jimfs(Configuration.windows(), "basic", "owner", "dos", "acl", "user"), "C:\\work\\dir");
        }
    },
    MEMORY {
        @Override
        TestDirectory create() throws IOException {
            return inMemory(MemoryFileSystemBuilder.newLinux().build(newName()), "/work/dir");
        }
    };

    abstract TestDirectory create() throws IOException;

    /** A new, empty directory of such a file system. Closing it removes it. */
    public TestDirectory newDirectory() {
        try {
            return create();
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

    private static TestDirectory inMemory(FileSystem fileSystem, String directory) throws IOException {
        return new TestDirectory(Files.createDirectories(fileSystem.getPath(directory)), fileSystem);
    }
}
