package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.atomicfs.testing.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first write of a JVM loads: classes are what its time goes into, and their number does not vary. */
class ColdStartTest {
    /**
     * More classes than a write by hand loads. Replacing lists the user attributes of the old file, for which the JDK
     * alone makes 120 by lambdas; from JDK 18 on it makes method handles for every enum that is put into a set, as a
     * StackWalker does with its options.
     */
    private static final int NEW_FILE = Runtime.version().feature() == 17 ? 310 : 560;

    private static final int REPLACED_FILE = Runtime.version().feature() == 17 ? 430 : 620;

    @TempDir
    Path directory;

    static final class FirstWrite {
        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[1]);
            if (arguments[0].equals("atomic")) {
                try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file))) {
                    out.write(new byte[1000]);
                }
            } else {
                Path temporary = file.resolveSibling("file.tmp");
                try (OutputStream out = Files.newOutputStream(temporary)) {
                    out.write(new byte[1000]);
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private Set<String> loaded(String how) throws IOException {
        Path log = directory.resolve("classes");
        ChildProcess.Result result = ChildProcess.run(
                ChildProcess.shortCommand(
                        "-Xlog:class+load:file=" + log + "::filecount=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FirstWrite.class.getName(),
                        how,
                        directory.resolve("file").toString()),
                null);
        assertEquals(0, result.status(), result.err());
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(" source: "))
                .map(line -> line.substring(0, line.indexOf(" source: ")))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** The fewest of three runs: on a busy machine a write may take ways that it does not take otherwise. */
    private Set<String> moreThanByHand(int most, boolean replaces) throws IOException {
        Set<String> byHand = loaded("hand");
        Set<String> fewest = null;
        for (int i = 0; i < 3 && (fewest == null || fewest.size() > most); i++) {
            if (!replaces) {
                Files.delete(directory.resolve("file"));
            }
            Set<String> more = loaded("atomic");
            more.removeAll(byHand);
            fewest = fewest == null || more.size() < fewest.size() ? more : fewest;
        }
        return fewest;
    }

    private static void assertFew(int most, Set<String> more) {
        assertTrue(more.size() > 50, more.toString()); // it did load the library
        assertTrue(more.size() <= most, () -> more.size() + " classes more: " + more);
        assertEquals(
                List.of(),
                more.stream()
                        .filter(name -> name.startsWith("org.atomicfs") && name.contains("Lambda"))
                        .toList());
    }

    @Test
    void the_first_write_of_a_new_file_loads_few_classes() throws IOException {
        assertFew(NEW_FILE, moreThanByHand(NEW_FILE, false));
    }

    @Test
    void the_first_replacement_loads_few_classes() throws IOException {
        assertFew(REPLACED_FILE, moreThanByHand(REPLACED_FILE, true));
    }
}
