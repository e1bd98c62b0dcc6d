package org.atomicfs;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.atomicfs.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread that computes a file and asks for the same one, under any name, would wait for itself. */
class NestingTest {
    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private void assertRefused(Path outer, Path inner) throws Exception {
        Future<FileAlreadyExistsException> refused = threads.submit(() -> assertThrows(
                FileAlreadyExistsException.class,
                () -> AtomicFiles.writeIfAbsent(
                        outer, out -> AtomicFiles.writeIfAbsent(inner, again -> again.write(1)))));
        String reason = refused.get(60, TimeUnit.SECONDS).getReason();
        assertTrue(reason.contains("another writer of this JVM"), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"real/x", "link/x", "real/../link/x", "second/x", "link/../link/./x"})
    void a_file_is_known_under_any_name_of_its_directory(String inner) throws Exception {
        Needs.posix();
        Path real = Files.createDirectory(directory.resolve("real"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
        Files.createSymbolicLink(directory.resolve("second"), directory.resolve("link"));
        assertRefused(real.resolve("x"), directory.resolve(inner));
        assertRefused(directory.resolve(inner), real.resolve("x"));
        assertEquals(List.of(), names(real));
    }

    @Test
    void a_file_with_the_longest_name_is_known_too() throws Exception {
        Needs.posix();
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
        String name = "n".repeat(255);
        assertRefused(real.resolve(name), link.resolve(name));
        assertEquals(List.of(), names(real));
    }

    @Test
    void a_file_that_another_thread_computes_is_waited_for_also_while_computing_one_beside_it() throws Exception {
        Needs.posix();
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        Future<Boolean> other = threads.submit(() -> AtomicFiles.writeIfAbsent(real.resolve("x"), out -> {
            computing.countDown();
            await(waiting);
            out.write(1);
        }));
        await(computing);
        Future<Boolean> own = threads.submit(() -> AtomicFiles.writeIfAbsent(real.resolve("y"), out -> {
            waiting.countDown();
            assertEquals(false, AtomicFiles.writeIfAbsent(link.resolve("x"), again -> again.write(2)));
            out.write(3);
        }));
        assertEquals(true, own.get(60, TimeUnit.SECONDS));
        assertEquals(true, other.get(60, TimeUnit.SECONDS));
        assertEquals(List.of("x", "y"), names(real));
    }

    /** Something that a thread writes which has begun a transaction, without its paths. */
    @FunctionalInterface
    private interface Writing {
        void write(Path file) throws IOException;
    }

    private static final AtomicOptions PATIENT =
            AtomicOptions.builder().busyTimeout(Duration.ofHours(1)).build();

    static List<Writing> of_a_member() {
        return List.of(
                file -> AtomicFiles.update(file, (old, out) -> out.write(2)),
                file -> AtomicFiles.writeIfAbsent(file, out -> out.write(2)),
                file -> Files.writeString(
                        AtomicFiles.wrap(FileSystems.getDefault(), PATIENT).getPath(file.toString()), "2"),
                file -> {
                    try (FileTransaction second = AtomicFiles.transaction(file.getParent(), PATIENT)) {
                        Files.writeString(second.path(file), "2");
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("of_a_member")
    void a_member_that_the_thread_has_closed_is_not_waited_for(Writing writing) throws Exception {
        Needs.posix();
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
        Future<FileAlreadyExistsException> refused = threads.submit(() -> {
            try (FileTransaction transaction = AtomicFiles.transaction(real)) {
                Files.writeString(transaction.path(real.resolve("x")), "1");
                FileAlreadyExistsException e =
                        assertThrows(FileAlreadyExistsException.class, () -> writing.write(link.resolve("x")));
                transaction.commit();
                return e;
            }
        });
        String reason = refused.get(60, TimeUnit.SECONDS).getReason();
        assertTrue(reason.contains("member of a transaction of this JVM that has not ended"), reason);
        assertEquals("1", Files.readString(real.resolve("x")));
        assertEquals(List.of("x"), names(real));
    }

    @Test
    void a_member_is_known_by_a_link_to_it() throws Exception {
        Needs.posix();
        Path file = Files.writeString(directory.resolve("x"), "0");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("x"));
        Future<?> refused = threads.submit(() -> {
            try (FileTransaction transaction = AtomicFiles.transaction(directory)) {
                Files.writeString(transaction.path(file), "1");
                assertThrows(
                        FileAlreadyExistsException.class, () -> AtomicFiles.update(link, (old, out) -> out.write(2)));
            }
            return null;
        });
        refused.get(60, TimeUnit.SECONDS);
        assertEquals("0", Files.readString(file));
    }

    @Test
    void a_member_of_another_threads_transaction_is_waited_for() throws Exception {
        Needs.posix();
        Path file = Files.writeString(directory.resolve("x"), "0");
        CountDownLatch updating = new CountDownLatch(1);
        try (FileTransaction transaction = AtomicFiles.transaction(directory)) {
            Files.writeString(transaction.path(file), "1");
            Future<?> updated = threads.submit(() -> {
                updating.countDown();
                AtomicFiles.update(file, (old, out) -> out.write(old.readAllBytes()[0] + 1));
                return null;
            });
            await(updating);
            transaction.commit();
            updated.get(60, TimeUnit.SECONDS);
        }
        assertEquals("2", Files.readString(file));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
