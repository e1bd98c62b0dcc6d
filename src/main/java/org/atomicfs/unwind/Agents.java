package org.atomicfs.unwind;

import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Whether the JVM was started with an agent that may change the code of classes, so that what runs is not what the
 * class file says: any but a debugger's.
 */
final class Agents {
    private static volatile Boolean present;

    private Agents() {}

    static boolean arePresent() {
        Boolean known = present;
        if (known == null) {
            known = areGiven(arguments());
            present = known;
        }
        return known;
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
