package org.atomicfs.testing;

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

/** A file system that is mounted for one test, which only root on Linux can do. */
public final class MountedFileSystem implements Closeable {
    private static final long MEBI = 1 << 20;

    private final Path directory;
    private final Path image; // null for tmpfs

    private MountedFileSystem(Path directory, Path image) {
        this.directory = directory;
        this.image = image;
    }

    /** Whether this process may mount: a container's root often may not. */
    private static final class Possible {
        static final boolean MOUNTS = isPossible();

        private static boolean isPossible() {
            if (!System.getProperty("os.name").equals("Linux")) {
                return false;
            }
            try {
                Path directory = Files.createTempDirectory("mount");
                boolean mounted = succeeds("mount", "-t", "tmpfs", "tmpfs", directory.toString());
                if (mounted) {
                    run("umount", directory.toString());
                }
                Files.delete(directory);
                return mounted;
            } catch (IOException noMountCommand) {
                return false;
            }
        }
    }

    /** Says that a test does not run, unless mounting is possible. */
    public static void assumePossible() {
        assumeTrue(Possible.MOUNTS, "only root on Linux can mount, and not in every container");
    }

    private static boolean succeeds(String... command) throws IOException {
        return ChildProcess.run(List.of(command), null).status() == 0;
    }

    /** A file system in memory. */
    public static MountedFileSystem tmpfs(long bytes) throws IOException {
        assumePossible();
        Path directory = Files.createTempDirectory("mount");
        run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", directory.toString());
        return new MountedFileSystem(directory, null);
    }

    /** A file system in a file: ext4, xfs or btrfs. */
    public static MountedFileSystem loop(String type) throws IOException {
        assumePossible();
        assumeTrue(succeeds("which", "mkfs." + type), "no mkfs." + type);
        assumeTrue(succeeds("losetup", "-f"), "no loop devices");
        Path image = Files.createTempFile("image", null);
        try (SeekableByteChannel channel = Files.newByteChannel(image, StandardOpenOption.WRITE)) {
            channel.position(320 * MEBI - 1).write(ByteBuffer.allocate(1)); // xfs is content with 300
        }
        run("mkfs." + type, "-q", image.toString());
        Path directory = Files.createTempDirectory("mount");
        run("mount", "-o", "loop", image.toString(), directory.toString());
        return new MountedFileSystem(directory, image);
    }

    /** Of any type that a test is run on. */
    public static MountedFileSystem of(String type) throws IOException {
        return type.equals("tmpfs") ? tmpfs(64 * MEBI) : loop(type);
    }

    public Path directory() {
        return directory;
    }

    /** Mounts it anew with other options. */
    public void remount(String options) throws IOException {
        run("mount", "-o", "remount," + options, directory.toString());
    }

    /** Takes it away from under those who use it. */
    public void detach() throws IOException {
        run("umount", "-l", directory.toString());
    }

    public static void run(String... command) throws IOException {
        ChildProcess.Result result = ChildProcess.run(List.of(command), null);
        if (result.status() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.err());
        }
    }

    @Override
    public void close() {
        try {
            if (succeeds("mountpoint", "-q", directory.toString())) {
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
