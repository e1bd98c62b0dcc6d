package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that depend on the old content, and those that wait for other writers. */
@Timeout(60)
class RewritingTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        file = Files.writeString(directory.resolve("file"), "old");
    }

    private void assertContent(String expected) throws IOException {
        assertEquals(expected, Files.readString(file));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    private static AtomicFiles.Content text(String text) {
        return out -> out.write(text.getBytes());
    }

    @Test
    void the_same_content_leaves_the_file_alone() throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        assertFalse(AtomicFiles.writeIfChanged(file, text("old")));
        assertFalse(AtomicFiles.writeIfChanged(AtomicFiles.atomic(file), out -> {
            for (byte b : "old".getBytes()) {
                out.write(b);
            }
            out.flush();
            out.close();
        }));
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        assertEquals(key, now.fileKey());
        assertEquals(FileTime.from(Instant.EPOCH), now.lastModifiedTime());
        assertContent("old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "o", "ol", "olD", "Old", "older", "another"})
    void another_content_replaces_it(String content) throws IOException {
        assertTrue(AtomicFiles.writeIfChanged(file, text(content), Durability.FULL));
        assertContent(content);
    }

    @Test
    void a_new_file_is_written_even_if_it_is_empty() throws IOException {
        Files.delete(file);
        assertTrue(AtomicFiles.writeIfChanged(file, out -> {}));
        assertContent("");
        assertFalse(AtomicFiles.writeIfChanged(file, out -> {}));
    }

    @Test
    void large_contents_are_compared_however_they_are_written() throws IOException {
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        Files.write(file, content);
        AtomicFiles.Content inParts = out -> {
            for (int i = 0; i < content.length; ) {
                int part = Math.min(content.length - i, 1 + i % 20_000);
                out.write(content, i, part);
                i += part;
            }
        };
        assertFalse(AtomicFiles.writeIfChanged(file, inParts));
        content[99_999]++;
        assertTrue(AtomicFiles.writeIfChanged(file, inParts));
        assertEquals(-1, Files.mismatch(file, Files.write(directory.resolve("expected"), content)));
    }

    @Test
    void a_failure_leaves_the_file_alone() throws IOException {
        IOException failure = new IOException("source broke");
        assertSame(
                failure,
                assertThrows(
                        IOException.class,
                        () -> AtomicFiles.writeIfChanged(file, out -> {
                            out.write(1);
                            throw failure;
                        })));
        assertContent("old");
    }

    @Test
    void one_that_another_program_has_replaced_is_not_called_unchanged() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "other");
        assertTrue(AtomicFiles.writeIfChanged(file, out -> {
            out.write("old".getBytes());
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        }));
        assertContent("old");
    }

    @Test
    void other_options_are_refused() {
        for (StandardOpenOption option : StandardOpenOption.values()) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> AtomicFiles.writeIfChanged(file, text("new"), option),
                    option::name);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> AtomicFiles.update(file, (in, out) -> in.transferTo(out), TemporaryName.UNIQUE));
    }

    @Test
    void an_update_reads_and_writes() throws IOException {
        AtomicFiles.update(file, (in, out) -> {
            in.transferTo(out);
            out.write("er".getBytes());
        });
        assertContent("older");
    }

    @Test
    void an_update_of_a_missing_file_begins_with_nothing() throws IOException {
        Files.delete(file);
        AtomicFiles.update(file, (in, out) -> {
            assertEquals(-1, in.read());
            out.write("new".getBytes());
        });
        assertContent("new");
    }

    @Test
    void an_update_that_fails_changes_nothing() throws IOException {
        IOException failure = new IOException();
        assertSame(
                failure,
                assertThrows(
                        IOException.class,
                        () -> AtomicFiles.update(file, (in, out) -> {
                            out.write(1);
                            throw failure;
                        })));
        assertContent("old");
    }

    @Test
    void an_update_begins_again_when_another_program_has_written_the_file() throws IOException {
        int[] calls = new int[1];
        AtomicFiles.update(file, (in, out) -> {
            in.transferTo(out);
            out.write("+".getBytes());
            if (calls[0]++ == 0) {
                Files.writeString(file, "changed");
            }
        });
        assertEquals(2, calls[0]);
        assertContent("changed+");
    }

    @Test
    void an_update_gives_up_when_that_never_ends() throws IOException {
        int[] calls = new int[1];
        FileSystemException thrown = assertThrows(
                FileSystemException.class,
                () -> AtomicFiles.update(file, (in, out) -> {
                    out.write(1);
                    Files.writeString(file, "x".repeat(++calls[0]));
                }));
        assertTrue(thrown.getMessage().startsWith(file + ": not updated"), thrown::getMessage);
        assertContent("x".repeat(16));
    }

    @Test
    void an_update_within_an_update_of_the_same_file_is_refused() throws IOException {
        assertThrows(
                FileAlreadyExistsException.class,
                () -> AtomicFiles.update(
                        file, (in, out) -> AtomicFiles.update(file, (again, outAgain) -> again.transferTo(outAgain))));
        assertContent("old");
    }

    @Test
    void updates_of_several_threads_are_all_there() throws Exception {
        Files.writeString(file, "");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = Stream.generate(() -> threads.submit(() -> {
                        AtomicFiles.update(file, (in, out) -> {
                            in.transferTo(out);
                            out.write('x');
                        });
                        return null;
                    }))
                    .limit(200)
                    .<Future<?>>map(future -> future)
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }
        assertContent("x".repeat(200));
    }

    private FileSystem waiting(Duration limit) {
        return AtomicFiles.wrap(
                file.getFileSystem(), AtomicOptions.builder().busyTimeout(limit).build());
    }

    @Test
    void an_open_waits_for_another_writer_if_that_is_asked_for() throws Exception {
        Path patient = waiting(Duration.ofMinutes(1)).getPath(file.toString());
        CountDownLatch opened = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file))) {
                opened.countDown();
                waits.await();
                out.write('1');
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        other.start();
        opened.await();
        Thread releasing = new Thread(waits::countDown);
        releasing.start();
        try (OutputStream out = Files.newOutputStream(patient)) {
            assertEquals("1", Files.readString(file));
            out.write('2');
        }
        other.join();
        assertContent("2");
    }

    @Test
    void it_does_not_wait_for_longer() throws IOException {
        Path patient = waiting(Duration.ofMillis(50)).getPath(file.toString());
        Thread[] owner = new Thread[1];
        OutputStream[] held = new OutputStream[1];
        owner[0] = new Thread(() -> {
            try {
                held[0] = Files.newOutputStream(AtomicFiles.atomic(file));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        owner[0].start();
        assertTrue(join(owner[0]));
        long begun = System.nanoTime();
        FileAlreadyExistsException busy =
                assertThrows(FileAlreadyExistsException.class, () -> Files.newOutputStream(patient));
        assertTrue(System.nanoTime() - begun >= Duration.ofMillis(50).toNanos());
        assertTrue(busy.getMessage().contains("it is being written by"), busy::getMessage);
        Path morePatient = waiting(Duration.ofDays(1)).getPath(file.toString());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, () -> Files.newOutputStream(morePatient));
        assertTrue(Thread.interrupted());
        ((AtomicWrite) held[0]).abort();
        assertContent("old");
    }

    private static boolean join(Thread thread) {
        try {
            thread.join();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void it_does_not_wait_for_a_write_of_its_own_thread() throws IOException {
        Path patient = waiting(Duration.ofDays(1)).getPath(file.toString());
        try (OutputStream out = Files.newOutputStream(patient)) {
            assertThrows(FileAlreadyExistsException.class, () -> Files.newOutputStream(patient));
            out.write('n');
        }
        assertContent("n");
    }

    @Test
    void the_time_to_wait_is_milliseconds_or_a_duration() {
        for (Object value : List.of(1500, "1500", "PT1.5S", Duration.ofMillis(1500))) {
            assertEquals(
                    Duration.ofMillis(1500),
                    AtomicOptions.fromEnv(Map.of("busyTimeout", value)).busyTimeout());
        }
        for (Object value : List.of("soon", "-1", "PT-1S", -1)) {
            IllegalArgumentException thrown = assertThrows(
                    IllegalArgumentException.class, () -> AtomicOptions.fromEnv(Map.of("busyTimeout", value)));
            assertTrue(thrown.getMessage().contains("PT5S"), thrown::getMessage);
        }
        assertEquals(Duration.ZERO, AtomicOptions.defaults().busyTimeout());
    }

    /** Reading the old content while it is written keeps nothing open. */
    @Test
    void nothing_stays_open() throws IOException {
        InputStream[] kept = new InputStream[1];
        AtomicFiles.update(file, (in, out) -> kept[0] = in);
        assertThrows(IOException.class, kept[0]::read);
        assertContent("");
    }
}
