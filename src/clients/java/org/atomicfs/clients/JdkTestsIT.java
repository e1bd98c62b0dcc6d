package org.atomicfs.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.atomicfs.AtomicDefaultProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The JDK's own tests of files and file channels, run by jtreg with {@link AtomicDefaultProvider} as the default
 * provider: those that pass without it pass with it, but for {@link #CANNOT}. All files are written atomically.
 *
 * <p>{@code mvn -Pclients verify -Dit.test=JdkTestsIT -Djdk.tests=DIRECTORY}, where DIRECTORY is {@code test/jdk} of
 * the JDK's sources, and jtreg is on the PATH (in Debian: {@code apt-get source openjdk-17}, {@code apt-get install
 * jtreg7}). Takes a quarter of an hour.
 */
class JdkTestsIT {
    private static final List<String> TESTS =
            List.of("java/nio/file", "java/nio/channels/FileChannel", "java/nio/channels/AsynchronousFileChannel");

    /** Those that cannot pass, and why. */
    private static final Map<String, String> CANNOT = Map.of(
            "java/nio/file/Files/probeContentType/Basic.java",
            "the JDK casts the default provider to its own type (DefaultFileTypeDetector)",
            "java/nio/file/Files/probeContentType/ForceLoad.java",
            "as before",
            "java/nio/file/Files/probeContentType/ParallelProbes.java",
            "as before",
            "java/nio/file/WatchService/Basic.java",
            "expects the event of the new file to be the first one, and gets that of its temporary",
            "java/nio/file/WatchService/SensitivityModifier.java",
            "expects that a file is modified, and it is replaced");

    @TempDir
    Path directory;

    private Set<String> failed(String name, String... options) throws IOException, InterruptedException {
        Path results = directory.resolve(name);
        List<String> command = new ArrayList<>(List.of(
                "jtreg",
                "-jdk:" + System.getProperty("java.home"),
                "-automatic",
                "-agentvm",
                "-ignore:quiet",
                "-timeoutFactor:4"));
        command.add("-w:" + results.resolve("work"));
        command.add("-r:" + results.resolve("report"));
        command.addAll(List.of(options));
        command.addAll(TESTS);
        Process jtreg = new ProcessBuilder(command)
                .directory(Path.of(System.getProperty("jdk.tests")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        if (!jtreg.waitFor(30, TimeUnit.MINUTES)) {
            jtreg.destroyForcibly();
        }
        Path summary = results.resolve("report").resolve("text").resolve("summary.txt");
        List<String> all = Files.readAllLines(summary);
        System.out.println(name + ": "
                + all.stream().filter(line -> line.contains(" Passed")).count() + " of " + all.size() + " passed");
        return all.stream()
                .filter(line -> !line.contains(" Passed"))
                .map(line -> line.replaceFirst("\\s.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @Test
    void what_passes_on_the_plain_provider_passes() throws Exception {
        assumeTrue(System.getProperty("jdk.tests") != null, "needs -Djdk.tests, see above");
        assumeTrue(isOnPath("jtreg"), "needs jtreg on the PATH");
        Collection<String> plainly = failed("plain");
        Set<String> atomically = failed(
                "atomic",
                "-vmoption:-Xbootclasspath/a:" + System.getProperty("library.jar"),
                "-vmoption:-Djava.nio.file.spi.DefaultFileSystemProvider=" + AtomicDefaultProvider.class.getName(),
                "-vmoption:-Dorg.atomicfs.include=/**");
        atomically.removeAll(plainly);
        assertEquals(new TreeSet<>(CANNOT.keySet()), atomically);
    }
}
