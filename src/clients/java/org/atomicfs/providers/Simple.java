package org.atomicfs.providers;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/**
 * A provider whose file system is made by a few lines.
 *
 * @param name as in the table
 * @param opener makes the file system; what has to be closed at the end it passes to {@link #held}
 */
record Simple(String name, Opener opener) implements TestedProvider {
    /** Makes a new file system. */
    @FunctionalInterface
    interface Opener {
        /** A directory in it; null if it cannot be had here. */
        Path open() throws Exception;
    }

    /** Of the file system that is being made: what has to be closed at the end, the last one first. */
    private static final Deque<Closeable> HELD = new ArrayDeque<>();

    /** Has something closed at the end, before all that was held earlier. */
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
                for (Closeable each : held) {
                    each.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
