package org.atomicfs.testing;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What some tests need of the machine and of the user who runs them. A test whose need is not met is skipped. */
public final class Needs {
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

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

    /** What a newer JDK has than the oldest one that the library runs on. */
    public static void java(int feature, String what) {
        assumeTrue(Runtime.version().feature() >= feature, () -> what + " need Java " + feature);
    }

    /**
     * A signal that stops the programs started here. The tests themselves may have been started by nohup, or in the
     * background by a script: then some signals are ignored, by all that they start as well.
     */
    public static void signal(String name) throws IOException {
        assumeFalse(isIgnored(SIGNALS.get(name)), () -> "needs " + name + ", which is ignored here");
    }

    private static boolean isIgnored(int signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .findFirst()
                .orElse("0");
        return (Long.parseUnsignedLong(ignored, 16) >> (signal - 1) & 1) != 0;
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
