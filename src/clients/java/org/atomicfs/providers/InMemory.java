package org.atomicfs.providers;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.github.robtimus.filesystems.memory.MemoryFileSystemProvider;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The JDK's own files, and file systems in memory. */
final class InMemory {
    private InMemory() {}

    static List<TestedProvider> all() {
        return List.of(
                new Simple("JDK", () -> Simple.temporaryDirectory("files")),
                new Simple("jimfs, Unix", () -> directory(Jimfs.newFileSystem(Configuration.unix()), "/work")),
                new Simple("jimfs, macOS", () -> directory(Jimfs.newFileSystem(Configuration.osX()), "/work")),
                new Simple("jimfs, Windows", () -> directory(Jimfs.newFileSystem(Configuration.windows()), "C:\\work")),
                new Simple(
                        "memoryfilesystem, Linux",
                        () -> directory(MemoryFileSystemBuilder.newLinux().build("providersLinux"), "/work")),
                new Simple(
                        "memoryfilesystem, macOS",
                        () -> directory(MemoryFileSystemBuilder.newMacOs().build("providersMac"), "/work")),
                new Simple(
                        "memoryfilesystem, Windows",
                        () -> directory(MemoryFileSystemBuilder.newWindows().build("providersWindows"), "C:\\work")),
                new Simple("memory-fs", InMemory::robtimus));
    }

    private static Path directory(FileSystem fileSystem, String name) throws Exception {
        return Files.createDirectories(Simple.held(fileSystem).getPath(name));
    }

    /** There is one such file system in a JVM, and it cannot be closed. */
    private static Path robtimus() throws Exception {
        Path root = new MemoryFileSystemProvider().getPath(URI.create("memory:/providers"));
        return Files.createDirectories(root);
    }
}
