package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

class LivenessLockTest {
    @TempDir
    Path directory;

    @Test
    void one_channel_has_the_lock_and_closing_it_gives_it_up() throws IOException {
        Path file = Files.createFile(directory.resolve("x"));
        try (AsynchronousFileChannel second = AsynchronousFileChannel.open(file, StandardOpenOption.WRITE)) {
            try (FileChannel first = FileChannel.open(file, StandardOpenOption.WRITE)) {
                assertNotNull(LivenessLock.tryLock(first));
                assertNull(LivenessLock.tryLock(second));
            }
            assertNotNull(LivenessLock.tryLock(second));
        }
    }

    @Test
    void a_lock_does_not_hinder_writing() throws IOException {
        Path file = Files.createFile(directory.resolve("x"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            LivenessLock.tryLock(channel);
            Files.writeString(file, "written");
        }
        assertEquals("written", Files.readString(file));
    }

    @Test
    void where_locking_fails_there_are_no_locks() throws IOException {
        FileChannel closed =
                FileChannel.open(directory.resolve("x"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        closed.close();
        UnsupportedOperationException none =
                assertThrows(UnsupportedOperationException.class, () -> LivenessLock.tryLock(closed));
        assertTrue(none.getCause() instanceof ClosedChannelException);
    }

    @Test
    void a_channel_that_is_no_files_cannot_have_it() {
        assertFalse(LivenessLock.isPossibleFor(Mockito.mock(SeekableByteChannel.class)));
    }

    @Test
    void an_interrupt_does_not_shorten_the_wait_between_two_looks_and_is_not_lost() {
        long begun = System.nanoTime();
        Thread.currentThread().interrupt();
        LivenessLock.waitForSecondLook();
        assertTrue(Thread.interrupted());
        assertTrue(System.nanoTime() - begun >= LivenessLock.INTERVAL);
    }
}
