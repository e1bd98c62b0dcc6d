package org.atomicfs.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What some tests need of the machine and of the user who runs them. A test whose need is not met is skipped. */
public final class Needs {
    private Needs() {}

    /** Owners, groups and modes of files. */
    public static void posix() {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"), "needs Unix");
    }

    /** The right to give a file to another user. */
    public static void root() throws IOException {
        assumeTrue(isRoot(), "needs root on Linux");
    }

    private static boolean isRoot() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self) && Files.getAttribute(self, "unix:uid").equals(0);
    }

    /** A program on the path of commands. */
    public static void command(String name) throws IOException {
        assumeTrue(
                ChildProcess.run(List.of("sh", "-c", "command -v " + name), null)
                                .status()
                        == 0,
                () -> "needs " + name);
    }
}
