package org.atomicfs.commit;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicWrite;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.testing.ObservedFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LazyCopyTest {
    @TempDir
    Path directory;

    private Path old;
    private Path temporary;

    @BeforeEach
    void write_the_old_file() throws IOException {
        old = Files.writeString(directory.resolve("x"), "old");
        temporary = Files.createFile(directory.resolve("x.tmp"));
    }

    private Destination opened() throws IOException {
        return Destination.find(old, Channels.request(WRITE), new Channels(true));
    }

    @Test
    void the_file_that_was_opened_is_copied() throws IOException {
        try (Retained retained = new Retained()) {
            new LazyCopy(opened(), null, retained).copy(temporary, null, () -> false);
        }
        assertEquals("old", Files.readString(temporary));
    }

    @Test
    void a_channel_of_the_temporary_that_is_given_is_written_through_and_stays_open() throws IOException {
        try (FileChannel channel = FileChannel.open(temporary, WRITE)) {
            try (Retained retained = new Retained()) {
                new LazyCopy(opened(), null, retained).copy(temporary, channel, () -> false);
            }
            assertTrue(channel.isOpen());
            assertEquals(3, channel.position());
        }
    }

    @Test
    void a_file_that_replaced_the_one_that_was_opened_is_refused() throws IOException {
        Destination opened = opened();
        Files.move(old, directory.resolve("the opened one"));
        Files.writeString(old, "another");
        try (Retained retained = new Retained()) {
            LazyCopy copy = new LazyCopy(opened, null, retained);
            FileSystemException refused =
                    assertThrows(FileSystemException.class, () -> copy.copy(temporary, null, () -> false));
            assertTrue(refused.getReason().contains("replaced by another file"), refused.getReason());
        }
        assertEquals("", Files.readString(temporary));
    }

    /** Of three files that had the path one after the other, the last can have the key of the first. */
    @Test
    void a_file_that_has_the_key_which_was_looked_at_before_the_open_is_refused_as_well() throws IOException {
        try (FileChannel original = FileChannel.open(old, READ, WRITE);
                Retained retained = new Retained()) {
            Files.move(old, directory.resolve("the opened one"));
            Files.writeString(old, "another");
            LazyCopy copy = new LazyCopy(opened(), original, retained);
            FileSystemException refused =
                    assertThrows(FileSystemException.class, () -> copy.copy(temporary, null, () -> false));
            assertTrue(refused.getReason().contains("replaced by another file"), refused.getReason());
        }
        assertEquals("", Files.readString(temporary));
    }

    @Test
    void a_file_that_was_removed_after_it_was_opened_is_missed() throws IOException {
        Destination opened = opened();
        Files.delete(old);
        try (Retained retained = new Retained()) {
            LazyCopy copy = new LazyCopy(opened, null, retained);
            assertThrows(NoSuchFileException.class, () -> copy.copy(temporary, null, () -> false));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "abort"})
    void a_copy_under_way_is_cut_short_by_another_thread_that_ends_the_write(String end) throws Exception {
        long size = 1L << 30;
        try (RandomAccessFile sparse = new RandomAccessFile(old.toFile(), "rw")) {
            sparse.setLength(size);
        }
        Files.delete(temporary);
        AtomicLong writes = new AtomicLong();
        CountDownLatch copying = new CountDownLatch(10);
        Path observed = ObservedFileSystem.over(old, (operation, file) -> {
            if (operation == ObservedFileSystem.Operation.WRITE) {
                writes.incrementAndGet();
                copying.countDown();
            }
        });
        FileChannel channel = FileChannel.open(AtomicFiles.atomic(observed), READ, WRITE);
        FutureTask<Integer> change = new FutureTask<>(() -> channel.write(ByteBuffer.allocate(1), 0));
        new Thread(change).start();
        assertTrue(copying.await(1, TimeUnit.MINUTES));
        if (end.equals("close")) {
            assertThrows(IOException.class, channel::close);
        } else {
            ((AtomicWrite) channel).abort();
        }
        assertThrows(ExecutionException.class, () -> change.get(1, TimeUnit.MINUTES));
        long ofAll = size / (1 << 13); // the JDK copies pieces of 8 KiB
        assertTrue(writes.get() < ofAll / 2, () -> writes + " of " + ofAll);
        channel.close();
        assertEquals(List.of("x"), names(directory));
        assertEquals(size, Files.size(old));
        assertFalse(AtomicFiles.pending(AtomicFiles.atomic(observed)).isPresent());
    }

    @Test
    void a_large_copy_for_a_small_change_is_logged_once() throws IOException {
        try (FileChannel sparse = FileChannel.open(old, WRITE)) {
            sparse.write(ByteBuffer.allocate(1), 1L << 30);
        }
        try (CapturedLogs logs = new CapturedLogs();
                Retained retained = new Retained()) {
            new LazyCopy(opened(), null, retained).copy(temporary, null, () -> true); // cut short at once
            assertEquals(1, logs.records().size());
            assertTrue(logs.records().get(0).getMessage().startsWith(old + ": 1073741825 bytes are copied"));
        }
    }
}
