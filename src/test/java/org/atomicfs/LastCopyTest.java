package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.ObservedFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system that is asked to replace a file in one step, deletes it, and then fails to rename the other one. */
class LastCopyTest {
    @TempDir
    Path directory;

    private Path plain;
    private final AtomicInteger moves = new AtomicInteger();

    @BeforeEach
    void write_the_old_file() throws IOException {
        plain = Files.writeString(directory.resolve("file"), "old");
    }

    private Path deletingFirst(int failures) {
        return AtomicFiles.atomic(ObservedFileSystem.over(plain, (operation, file) -> {
            if (operation == ObservedFileSystem.Operation.MOVE && moves.incrementAndGet() <= failures) {
                Files.deleteIfExists(plain);
                throw new IOException("connection lost");
            }
        }));
    }

    @ParameterizedTest
    @EnumSource
    void the_new_content_is_moved_once_more(TemporaryName style) throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            Files.writeString(deletingFirst(1), "new", style);
            assertTrue(logs.records().get(0).getMessage().contains("has deleted the old file first"));
        }
        assertEquals("new", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @Test
    void the_last_copy_is_never_removed() throws IOException {
        Path atomic = deletingFirst(Integer.MAX_VALUE);
        AtomicCommitException failed =
                assertThrows(AtomicCommitException.class, () -> Files.writeString(atomic, "new"));
        assertEquals(AtomicCommitException.Outcome.INCOMPLETE, failed.outcome());
        Path left = directory.resolve("file.tmp");
        assertTrue(failed.getMessage().contains(left.toString()), failed.getMessage());
        assertEquals("new", Files.readString(left));
        assertEquals(List.of("file.tmp"), DirectoryListing.names(directory));
        assertThrows(FileAlreadyExistsException.class, () -> Files.writeString(AtomicFiles.atomic(plain), "newer"));
        AtomicFiles.recover(directory);
        assertEquals("new", Files.readString(left));
    }
}
