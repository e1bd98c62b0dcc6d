package org.atomicfs.commit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Where file systems are mounted: a name that another file is mounted on cannot be given to a third one, rename(2). */
final class MountPoints {
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})"); // proc_pid_mountinfo(5)
    private static final int FIELD = 4;

    private MountPoints() {}

    /** Their paths; empty where the system does not tell. */
    static Set<String> read() {
        Set<String> result = new HashSet<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8)) {
                String[] fields = line.split(" ");
                if (fields.length > FIELD) {
                    result.add(OCTAL.matcher(fields[FIELD])
                            .replaceAll(found -> Character.toString(Integer.parseInt(found.group(1), 8))));
                }
            }
        } catch (IOException | RuntimeException unknown) {
            // another system than Linux, or names in another encoding: the rename will tell
        }
        return result;
    }
}
