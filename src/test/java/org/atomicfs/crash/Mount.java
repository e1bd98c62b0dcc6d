package org.atomicfs.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.atomicfs.JavaProcess;

/** A file system of its own, on Linux for root. */
final class Mount implements Closeable {
    private static final long MEBI = 1 << 20;

    private final Path directory;
    private final Path image; // null for tmpfs

    private Mount(Path directory, Path image) {
        this.directory = directory;
        this.image = image;
    }

    /** Says that a test does not run, unless mounting is possible. */
    static void assumePossible() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux") && "root".equals(System.getProperty("user.name")),
                "only root on Linux can mount");
    }

    /** A file system in memory. */
    static Mount tmpfs(long bytes) throws IOException {
        assumePossible();
        Path directory = Files.createTempDirectory("mount");
        run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", directory.toString());
        return new Mount(directory, null);
    }

    /** A file system in a file: ext4, xfs or btrfs. */
    static Mount loop(String type) throws IOException {
        assumePossible();
        assumeTrue(JavaProcess.run(List.of("which", "mkfs." + type), null).status() == 0, "no mkfs." + type);
        Path image = Files.createTempFile("image", null);
        try (SeekableByteChannel channel = Files.newByteChannel(image, StandardOpenOption.WRITE)) {
            channel.position(320 * MEBI - 1).write(ByteBuffer.allocate(1)); // xfs is content with 300
        }
        run("mkfs." + type, "-q", image.toString());
        Path directory = Files.createTempDirectory("mount");
        run("mount", "-o", "loop", image.toString(), directory.toString());
        return new Mount(directory, image);
    }

    /** Of any type that a test is run on. */
    static Mount of(String type) throws IOException {
        return type.equals("tmpfs") ? tmpfs(64 * MEBI) : loop(type);
    }

    Path directory() {
        return directory;
    }

    /** Mounts it anew with other options. */
    void remount(String options) throws IOException {
        run("mount", "-o", "remount," + options, directory.toString());
    }

    /** Takes it away from under those who use it. */
    void detach() throws IOException {
        run("umount", "-l", directory.toString());
    }

    static void run(String... command) throws IOException {
        JavaProcess.Result result = JavaProcess.run(List.of(command), null);
        if (result.status() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.err());
        }
    }

    @Override
    public void close() {
        try {
            if (JavaProcess.run(List.of("mountpoint", "-q", directory.toString()), null)
                            .status()
                    == 0) {
                detach();
            }
            Files.delete(directory);
            if (image != null) {
                Files.delete(image);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
