package org.atomicfs.commit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicWrite;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.TestDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Many writes: one after the other, and at once. */
class ScaleTest {
    private static final int AT_ONCE = 10_000;

    /** So many of the writes in a row come before the first look: by then all classes are loaded. */
    private static final int WARM_UP = 2_000;

    /** What the JVM may open meanwhile; a descriptor lost by one write in a hundred would be 40 of them. */
    private static final int OF_THE_JVM = 30;

    private static final Pattern HISTOGRAM_ROW = Pattern.compile("^ *\\d+: +(\\d+) +\\d+ +(\\S+)", Pattern.MULTILINE);

    @AfterEach
    void abortWhatAFailedTestHasLeftOpen() {
        Registry.list().forEach(write -> Registry.abort(write, "the test has failed"));
    }

    /** A leak would be at least an object for each file. Fewer writes on a disk, where a write takes longer. */
    @ParameterizedTest
    @CsvSource({"JIMFS_UNIX, DATA, FIXED, 50000", "DEFAULT, NONE, UNIQUE, 6000"})
    void writes_that_have_ended_leave_nothing_in_memory(
            DelegateKind kind, Durability durability, TemporaryName name, int count) throws IOException {
        try (TestDirectory place = kind.newDirectory()) {
            for (int writes = 0; writes < WARM_UP; writes += 5) {
                writeFiveTimes(place.atomic().resolve("file" + writes), durability, name);
            }
            List<String> before = histograms();
            long descriptors = openDescriptors();
            for (int writes = WARM_UP; writes < count; writes += 5) {
                writeFiveTimes(place.atomic().resolve("file" + writes), durability, name);
            }
            Map<String, Long> grown = leastOf(histograms());
            leastOf(before).forEach((type, objects) -> grown.merge(type, -objects, Long::sum));
            int files = (count - WARM_UP) / 5;
            grown.values().removeIf(objects -> objects < files);
            assertEquals(Map.of(), grown, () -> "more objects of these classes than the " + files + " files");
            long opened = openDescriptors() - descriptors;
            assertTrue(opened < OF_THE_JVM, opened + " more descriptors are open");
            assertEquals(List.of(), Registry.held());
            assertEquals(List.of(), place.names());
        }
    }

    /** Creates a file, replaces it twice, and discards two writes: one aborted, one left by an exception. */
    private static void writeFiveTimes(Path file, Durability durability, TemporaryName name) throws IOException {
        for (int i = 0; i < 3; i++) {
            try (OutputStream out = Files.newOutputStream(file, durability, name)) {
                out.write(i);
            }
        }
        try (OutputStream out = Files.newOutputStream(file, durability, name)) {
            out.write('a');
            ((AtomicWrite) out).abort();
        }
        IOException thrown = assertThrows(
                IOException.class, () -> Files.copy(new Failing(), file, StandardCopyOption.REPLACE_EXISTING));
        assertEquals(1, thrown.getSuppressed().length);
        assertArrayEquals(new byte[] {2}, Files.readAllBytes(file));
        Files.delete(file);
    }

    /** One byte, and then no more. */
    private static final class Failing extends InputStream {
        private boolean failing;

        @Override
        public int read() throws IOException {
            if (failing) {
                throw new IOException("on purpose");
            }
            failing = true;
            return 'b';
        }
    }

    /**
     * Several looks at what can be reached, since what one collection enqueues another one frees; as text, so that the
     * first looks are one object each in the last. The bytes of the heap in use tell less: the serial collector leaves
     * unreachable objects where they are (-XX:MarkSweepDeadRatio), megabytes of them when the heap is large.
     */
    private static List<String> histograms() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<String> histograms = new ArrayList<>();
        try {
            ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
            for (int i = 0; i < 5; i++) {
                histograms.add((String) server.invoke(
                        commands, "gcClassHistogram", new Object[] {null}, new String[] {String[].class.getName()}));
            }
        } catch (InstanceNotFoundException e) {
            return abort("this JVM has no diagnostic commands");
        } catch (JMException e) {
            throw new AssertionError(e);
        }
        return histograms;
    }

    /** The number of objects of each class in the look that has the fewest of them. */
    private static Map<String, Long> leastOf(List<String> histograms) {
        Map<String, Long> least = new HashMap<>();
        for (String histogram : histograms) {
            Map<String, Long> objects = HISTOGRAM_ROW
                    .matcher(histogram)
                    .results()
                    .collect(groupingBy(row -> row.group(2), summingLong(row -> Long.parseLong(row.group(1)))));
            objects.forEach((type, number) -> least.merge(type, number, Math::min));
        }
        assertTrue(least.getOrDefault("java.lang.String", 0L) > 0, () -> "not understood: " + histograms);
        return least;
    }

    private static long openDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private static void assumeDescriptors(int number) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            long free = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount();
            assumeTrue(free > number, () -> "needs " + number + " descriptors, has " + free);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFAULT", "JIMFS_UNIX"})
    void ten_thousand_writes_can_be_open_at_once_and_each_is_found_and_ended_by_itself(DelegateKind kind)
            throws IOException {
        if (kind == DelegateKind.DEFAULT) {
            assumeDescriptors(AT_ONCE + 100);
        }
        try (TestDirectory place = kind.newDirectory()) {
            List<Path> files = IntStream.range(0, AT_ONCE)
                    .mapToObj(i -> place.atomic().resolve("file" + i))
                    .toList();
            List<OutputStream> streams = new ArrayList<>();
            for (Path file : files) {
                OutputStream out = Files.newOutputStream(file, Durability.NONE);
                out.write(streams.size() % 100);
                streams.add(out);
            }

            assertEquals(
                    files,
                    AtomicFiles.pending().stream().map(AtomicWrite::destination).toList());
            for (int i = 0; i < AT_ONCE; i++) {
                AtomicWrite found = AtomicFiles.pending(files.get(i)).orElseThrow();
                assertEquals(files.get(i), found.destination());
                assertEquals(1, found.bytesWritten());
            }
            assertEquals(List.of(), DirectoryListing.names(place.atomic()));

            for (int i = 0; i < AT_ONCE; i++) {
                if (i % 2 == 1) {
                    AtomicFiles.pending(files.get(i)).orElseThrow().abort();
                }
                streams.get(i).close();
            }
            assertEquals(List.of(), AtomicFiles.pending());
            assertEquals(List.of(), Registry.held());
            TreeSet<String> published = new TreeSet<>();
            for (int i = 0; i < AT_ONCE; i += 2) {
                published.add("file" + i);
                assertEquals(i % 100, Files.readAllBytes(place.plain().resolve("file" + i))[0]);
            }
            assertEquals(List.copyOf(published), place.names());
        }
    }
}
