package org.atomicfs.testing;

import java.util.List;

/** What a program has written to its standard error, as the JDK's own handler for logs does it: two lines a record. */
public final class LogLines {
    private static final String HEAD = ".* org\\.atomicfs\\.commit\\.(Report log|LazyCopy copy)";

    private static final String RECORD =
            "WARNING: .*: not committed, .*the JVM is shutting down.*|INFO: .* bytes are copied.*";

    private LogLines() {}

    /** All but what atomicfs logs of writes that a shutdown has ended. */
    public static List<String> besideShutdown(String error) {
        return error.lines()
                .filter(line -> !line.matches(HEAD) && !line.matches(RECORD))
                .toList();
    }
}
