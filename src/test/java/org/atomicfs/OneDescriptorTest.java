package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.WriterKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One descriptor for lock, force and content, and what would go wrong with it if it were not looked after. */
class OneDescriptorTest {
    @TempDir
    Path directory;

    private static final Set<OpenOption> REPLACING =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);

    private static long descriptorsIn(Path directory) throws IOException {
        Path open = Path.of("/proc/self/fd");
        assumeTrue(Files.exists(open), "needs Linux");
        try (Stream<Path> all = Files.list(open)) {
            return all.filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).startsWith(directory);
                        } catch (IOException closed) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_open_write_has_one_descriptor(WriterKind kind) throws IOException {
        List<WriterKind.Writer> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            WriterKind.Writer writer = kind.open(AtomicFiles.atomic(directory.resolve("file" + i)), REPLACING);
            writer.write("new");
            open.add(writer);
        }
        assertEquals(20, descriptorsIn(directory));
        for (WriterKind.Writer writer : open) {
            writer.close();
        }
        assertEquals(0, descriptorsIn(directory));
        assertEquals("new", Files.readString(directory.resolve("file19")));
        assertEquals(20, DirectoryListing.names(directory).size());
    }

    @Test
    void interrupts_in_the_middle_of_a_streams_writes_do_no_harm_and_are_not_lost() throws Exception {
        Path file = directory.resolve("file");
        CountDownLatch writing = new CountDownLatch(1);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            writing.countDown();
            while (!stop.get()) {
                writer.interrupt();
            }
        });
        byte[] piece = new byte[10_000];
        boolean interrupted;
        try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file))) {
            interrupter.start();
            while (writing.getCount() > 0) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 1_000; i++) {
                out.write(piece);
                out.write(i);
            }
            stop.set(true);
            while (interrupter.isAlive()) {
                Thread.onSpinWait();
            }
            interrupted = Thread.currentThread().isInterrupted();
        } finally {
            Thread.interrupted();
        }
        interrupter.join(TimeUnit.SECONDS.toMillis(60));
        assertTrue(interrupted);
        assertEquals(1_000L * (piece.length + 1), Files.size(file));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @Test
    void an_interrupt_that_comes_while_a_stream_writes_is_noticed_after_it() throws Exception {
        Path file = directory.resolve("file");
        try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file))) {
            for (int i = 0; i < 200; i++) {
                Thread writer = Thread.currentThread();
                Thread interrupter = new Thread(writer::interrupt);
                interrupter.start();
                out.write(new byte[100_000]);
                while (interrupter.isAlive()) {
                    Thread.onSpinWait();
                }
                assertTrue(Thread.interrupted(), "round " + i);
            }
        }
        assertEquals(200L * 100_000, Files.size(file));
    }

    @Test
    void a_dangling_link_that_appears_in_a_new_files_place_is_not_replaced() throws IOException {
        Path file = directory.resolve("file");
        OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file));
        out.write(1);
        Files.createSymbolicLink(file, directory.resolve("missing"));
        AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
        assertTrue(e.getMessage().contains("no longer a regular file"), e.getMessage());
        assertTrue(Files.isSymbolicLink(file));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @Test
    void what_another_program_writes_into_the_temporary_is_not_published() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "old");
        OutputStream out = Files.newOutputStream(AtomicFiles.atomic(file));
        out.write(1);
        Files.writeString(directory.resolve("file.tmp"), "of another program", StandardOpenOption.APPEND);
        AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
        assertTrue(e.getMessage().contains("another program has changed it"), e.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }
}
