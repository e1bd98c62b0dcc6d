package org.atomicfs.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Bytes and rate on standard error, rewritten in place; only if that is a terminal, and only once the work has taken a
 * while.
 */
final class Progress implements Closeable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

    private final PrintStream err = System.err;
    private final long start = System.nanoTime();
    private long next = start + PATIENCE;
    private long bytes;
    private boolean shown;

    /** Counts bytes. */
    void add(long n) throws IOException {
        bytes += n;
        long now = System.nanoTime();
        if (now - next < 0) {
            return;
        }
        if (!shown && !isTerminal()) {
            next = Long.MAX_VALUE + start; // never
            return;
        }
        shown = true;
        next = now + INTERVAL;
        err.printf("\r%s", line(bytes, now - start));
        err.flush();
    }

    /** The line, padded so that it covers a longer one before it. */
    static String line(long bytes, long nanos) {
        double seconds = nanos / 1e9;
        return String.format(Locale.ROOT, "%-40s", amount(bytes) + ", " + amount((long) (bytes / seconds)) + "/s");
    }

    private static String amount(long bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
        double value = bytes;
        int unit = 0;
        while (value >= 999.95 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    }

    /**
     * Whether standard error is a terminal. {@link System#console} tells of standard input and output only, so on Unix
     * the program {@code test} is asked.
     */
    private static boolean isTerminal() {
        try {
            return new ProcessBuilder("test", "-t", "2").inheritIO().start().waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return System.console() != null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        if (shown) {
            err.println("\r" + line(bytes, System.nanoTime() - start).stripTrailing());
        }
    }
}
