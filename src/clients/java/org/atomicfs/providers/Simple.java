package org.atomicfs.providers;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/** A provider that needs no more than a file system, or what that holds on to. */
record Simple(String name, Opener opener) implements TestedProvider {
    /** Makes a new file system. */
    @FunctionalInterface
    interface Opener {
        /** A directory in it; null if it cannot be had here. */
        Path open() throws Exception;
    }

    /** What has to be ended after the file system, the last one first. */
    private static final Deque<Closeable> HELD = new ArrayDeque<>();

    /** Has something closed after the file system that is being made. */
    static <T extends Closeable> T held(T needed) {
        HELD.push(needed);
        return needed;
    }

    /** A directory of this machine that is removed at the end. */
    static Path temporaryDirectory(String name) throws IOException {
        Path directory = Files.createTempDirectory(name);
        held(() -> {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        });
        return directory;
    }

    @Override
    public Opened open() throws Exception {
        HELD.clear();
        Path directory = opener.open();
        Deque<Closeable> held = new ArrayDeque<>(HELD);
        return directory == null ? null : new OpenedSimple(directory, held);
    }

    private record OpenedSimple(Path directory, Deque<Closeable> held) implements Opened {
        @Override
        public void close() {
            try {
                FileSystem fileSystem = directory.getFileSystem();
                if (fileSystem != FileSystems.getDefault()
                        && !fileSystem.getClass().getName().contains("robtimus.filesystems.memory")) {
                    fileSystem.close();
                }
                for (Closeable each : held) {
                    each.close();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
