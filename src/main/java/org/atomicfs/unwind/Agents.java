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
 * debugger's. Those that were given when the JVM was started are known, and on Linux those written in Java that the
 * manifest of the program names ({@code Launcher-Agent-Class}), or that were attached later.
 */
final class Agents {
    /** What is mapped into the memory of the process, on Linux. */
    private static final String MAPPED = "/proc/self/maps";

    /** The thread by which a running JVM takes what is attached to it: an agent, or a request of a tool like jstack. */
    private static final String LISTENER = "Attach Listener";

    private static final int MOST_THREADS = 64; // of the JVM itself; there are about five

    private static volatile Boolean given;
    private static volatile boolean attached;

    private Agents() {}

    /** Asked only when a file is about to be discarded. */
    static boolean arePresent() {
        Boolean known = given;
        if (known == null) {
            known = areGiven(arguments()) || isAttached(new File(MAPPED)); // by the manifest of the program's own jar
            given = known;
        }
        if (!known && !attached && hasListener()) { // asked each time, since it may happen at any time
            attached = isAttached(new File(MAPPED)); // which takes milliseconds
        }
        return known || attached;
    }

    /** Whether something has been attached, be it an agent or not; true if unknown. */
    private static boolean hasListener() {
        try {
            ThreadGroup group = Thread.currentThread().getThreadGroup();
            while (group.getParent() != null) {
                group = group.getParent();
            }
            Thread[] threads = new Thread[MOST_THREADS];
            int count = group.enumerate(threads, false);
            for (int i = 0; i < count; i++) {
                if (threads[i].getName().equals(LISTENER)) {
                    return true;
                }
            }
            return count == MOST_THREADS;
        } catch (SecurityException notAllowed) {
            return true;
        }
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
