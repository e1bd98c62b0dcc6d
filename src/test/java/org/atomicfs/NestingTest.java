package org.atomicfs;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
