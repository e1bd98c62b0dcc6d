package org.atomicfs.unwind;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Whether an agent may have changed the code of classes, so that what runs is not what the class file says: any but a
 * debugger's. Those that were given when the JVM was started are known, and on Linux those written in Java that were
 * attached to it later.
 */
final class Agents {
    /** What is mapped into the memory of the process, on Linux. */
    private static final String MAPPED = "/proc/self/maps";

    private static volatile Boolean given;
    private static volatile boolean attached;

    private Agents() {}

    /** Asked only when a file is about to be discarded: it takes the time of reading a file. */
    static boolean arePresent() {
        Boolean known = given;
        if (known == null) {
            known = areGiven(arguments());
            given = known;
        }
        if (!known && !attached) {
            attached = isAttached(new File(MAPPED)); // looked for each time, since it may happen at any time
        }
        return known || attached;
    }

    /** Whether the JVM has loaded its library for agents in Java, which it does for the first one; false if unknown. */
    static boolean isAttached(File mapped) {
        try (InputStream in = new FileInputStream(mapped)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).contains("/libinstrument.");
        } catch (IOException unknown) {
            return false; // another system; or no more files can be opened, which says nothing about agents
        }
    }

    /** Whether an agent is among arguments of the JVM. */
    static boolean areGiven(List<String> arguments) {
        for (String argument : arguments) {
            if (argument.startsWith("-javaagent:")
                    || argument.startsWith("-agentpath:")
                    || argument.startsWith("-agentlib:") && !argument.startsWith("-agentlib:jdwp")
                    || argument.startsWith("-Xrun") && !argument.startsWith("-Xrunjdwp")) {
                return true;
            }
        }
        return false;
    }

    /** With those of environment variables and argument files, if the module {@code java.management} is there. */
    private static List<String> arguments() {
        try {
            return ManagementFactory.getRuntimeMXBean().getInputArguments();
        } catch (NoClassDefFoundError withoutModule) {
            String[] given = ProcessHandle.current().info().arguments().orElse(new String[0]);
            return List.of(given);
        }
    }
}
