package org.atomicfs.commit;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicWrite;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A directory that is renamed, or switched for another one, while a file in it is written. */
class ElsewhereTest {
    @TempDir
    Path place;

    private Path directory;
    private Path moved;

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")), "needs a system that tells where an open file is");
        directory = Files.createDirectory(place.resolve("directory"));
        moved = place.resolve("moved");
    }

    private OutputStream open(OpenOption... options) throws IOException {
        OutputStream out = Files.newOutputStream(AtomicFiles.atomic(directory.resolve("file")), options);
        out.write(1);
        return out;
    }

    @ParameterizedTest
    @EnumSource
    void both_names_are_removed_where_they_are_now(TemporaryName style) throws IOException {
        for (Durability durability : Durability.values()) {
            OutputStream out = open(style, durability);
            Files.move(directory, moved);
            AtomicCommitException failed = assertThrows(AtomicCommitException.class, out::close);
            assertTrue(failed.getMessage().contains("renamed or switched"), failed.getMessage());
            assertTrue(failed.getMessage().contains(moved.toString()), failed.getMessage());
            assertEquals(List.of(), names(moved));
            Files.move(moved, directory);
        }
    }

    @Test
    void so_they_are_when_the_write_is_aborted_or_its_block_fails() throws IOException {
        OutputStream aborted = open();
        Files.move(directory, moved);
        ((AtomicWrite) aborted).abort();
        aborted.close();
        assertEquals(List.of(), names(moved));
        Files.move(moved, directory);
        assertThrows(IllegalStateException.class, () -> {
            try (OutputStream out = open()) {
                out.write(2);
                Files.move(directory, moved);
                throw new IllegalStateException();
            }
        });
        assertEquals(List.of(), names(moved));
    }

    @Test
    void another_directory_in_the_old_ones_place_is_left_alone() throws IOException {
        OutputStream out = open();
        Files.move(directory, moved);
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("file.tmp"), "of another program");
        assertThrows(AtomicCommitException.class, out::close);
        assertEquals(List.of(), names(moved));
        assertEquals("of another program", Files.readString(directory.resolve("file.tmp")));
    }

    @Test
    void a_name_that_was_removed_is_not_said_to_be_elsewhere() throws IOException {
        OutputStream out = open();
        Files.delete(directory.resolve("file.tmp"));
        AtomicCommitException failed = assertThrows(AtomicCommitException.class, out::close);
        assertTrue(failed.getMessage().contains("the temporary was removed"), failed.getMessage());
        assertFalse(failed.getMessage().contains("switched"), failed.getMessage());
        assertEquals(List.of(), names(directory));
    }
}
