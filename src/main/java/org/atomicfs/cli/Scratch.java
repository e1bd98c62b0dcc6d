package org.atomicfs.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for what a command writes, which is gone at the end of the program; only {@code kill -9} leaves it. */
final class Scratch implements Closeable {
    private final Path directory;
    private final Thread hook = new Thread(this::removeQuietly, "atomicfs-remove-scratch");

    Scratch() throws IOException {
        directory = Files.createTempDirectory("atomicfs-run");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Path directory() {
        return directory;
    }

    private void removeQuietly() {
        try {
            remove();
        } catch (IOException left) {
            System.err.println("atomicfs: could not remove " + directory + ": " + left.getMessage());
        }
    }

    private void remove() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walked = Files.walk(directory)) {
            all = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return; // the hook removes it
        }
        remove();
    }
}
