package org.atomicfs.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Whether a signal has come to this process since this was made that its shutdown hooks may not know of yet. The JVM
 * hands signals to a thread of its own, which then makes another one that begins the shutdown: on Linux it can be seen
 * that the kernel still has a signal for this process, or that the first of these threads runs, or has run.
 *
 * <p>What remains: a signal that the kernel sends to the command some milliseconds earlier than to this process.
 */
final class Signals {
    /** From the arrival of a signal to the first shutdown hook, on a machine with much to do. */
    private static final Duration OF_A_SIGNAL = Duration.ofSeconds(2);

    /** As that, where it cannot be seen whether there is one: every successful run takes so much longer. */
    private static final Duration OF_UNKNOWN = Duration.ofMillis(100);

    private static final Path THREADS = Path.of("/proc/self/task");
    private static final String NAME = "Name:\tSignal Dispatch"; // the kernel cuts the name of HotSpot's thread
    private static final int LOOKS = 5; // a signal on its way from the kernel to that thread is seen by the next one
    private static final long PAUSE = 1; // milliseconds

    /** HUP, INT and TERM, as the kernel counts them: the signals that begin a shutdown. */
    private static final long ENDING = 1 | 1 << 1 | 1 << 14;

    private final Path dispatcher = find(); // null if it is not there
    private final String before = switches(status());

    /** How long a shutdown hook may still take to run because of a signal that has come; zero if none has. */
    Duration longestDelay() throws InterruptedException {
        for (int i = 0; i < LOOKS; i++) {
            List<String> status = status();
            if (status.isEmpty()) {
                return OF_UNKNOWN;
            }
            if (isPending(status) || isAwake(status)) {
                return OF_A_SIGNAL;
            }
            Thread.sleep(PAUSE);
        }
        return Duration.ZERO;
    }

    private static boolean isPending(List<String> status) {
        String signals = value("ShdPnd:", status) + " " + value("SigPnd:", status);
        for (String set : signals.strip().split("\\s+")) {
            if ((Long.parseUnsignedLong(set, 16) & ENDING) != 0) {
                return true;
            }
        }
        return false;
    }

    private boolean isAwake(List<String> status) {
        return !value("State:", status).startsWith("S") || !switches(status).equals(before);
    }

    /** How often it has gone to sleep so far. */
    private static String switches(List<String> status) {
        return value("voluntary_ctxt_switches:", status);
    }

    private static String value(String name, List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("0");
    }

    private static Path find() {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                Path status = thread.resolve("status");
                if (read(status).contains(NAME)) {
                    return status;
                }
            }
        } catch (IOException | RuntimeException notLinux) {
            // there is no such directory
        }
        return null;
    }

    private List<String> status() {
        return dispatcher == null ? List.of() : read(dispatcher);
    }

    private static List<String> read(Path status) {
        try {
            return Files.readAllLines(status);
        } catch (IOException ended) {
            return List.of();
        }
    }
}
