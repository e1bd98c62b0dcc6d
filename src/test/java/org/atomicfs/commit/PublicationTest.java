package org.atomicfs.commit;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {
    private interface Fault {
        void happen(Path file) throws IOException;
    }

    @TempDir
    Path directory;

    private Path x; // plain
    private Path temporary; // plain
    private Path observed; // x, where faults happen
    private Operation faulty;
    private Fault fault;

    @BeforeEach
    void observe() {
        x = directory.resolve("x");
        temporary = directory.resolve("x.tmp");
        observed = ObservedFileSystem.over(x, (operation, file) -> {
            if (operation == faulty && !file.toString().endsWith(".tmp")) {
                fault.happen(file);
            }
        });
    }

    @AfterEach
    void nothing_is_held() {
        assertEquals(List.of(), Registry.held());
    }

    private Publication publication(boolean exclusive, Durability durability) {
        return new Publication(
                observed, new Destination(Delegate.of(observed), observed, null, false), exclusive, durability);
    }

    private Claim claim() throws IOException {
        Claim claim = Claims.take(Delegate.of(observed), observed, TemporaryName.FIXED, null);
        Files.writeString(temporary, "new");
        return claim;
    }

    private void publish(Publication publication) throws IOException {
        publication.publish(claim(), Publication.KEEP_NOTHING, 3);
    }

    private void assertOnly(String content) throws IOException {
        assertEquals(List.of("x"), names(directory));
        assertEquals(content, Files.readString(x));
    }

    @Test
    void the_temporary_takes_the_place_of_the_old_file() throws IOException {
        Files.writeString(x, "old");
        Publication publication = publication(false, Durability.FULL);
        publish(publication);
        assertTrue(publication.isVisible());
        assertOnly("new");
    }

    @Test
    void an_exclusive_publication_does_not_replace_a_file_that_came_meanwhile() throws IOException {
        Files.writeString(x, "another program's");
        Publication publication = publication(true, Durability.NONE);
        AtomicCommitException refused = assertThrows(AtomicCommitException.class, () -> publish(publication));
        assertInstanceOf(FileAlreadyExistsException.class, refused.getCause());
        assertEquals(Outcome.NOT_COMMITTED, refused.outcome());
        assertFalse(publication.isVisible());
        assertOnly("another program's");
    }

    @Test
    void a_rename_that_is_done_and_reported_as_failed_is_a_commit() throws IOException {
        Files.writeString(x, "old");
        faulty = Operation.MOVE;
        for (Exception reported : List.of(new IOException("timed out"), new IllegalStateException("timed out"))) {
            fault = file -> {
                Files.move(temporary, x, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                throw TestThrow.sneak(reported);
            };
            Publication publication = publication(false, Durability.NONE);
            publish(publication);
            assertTrue(publication.isVisible());
            assertOnly("new");
        }
    }

    @Test
    void a_link_that_is_done_and_reported_as_failed_is_a_commit() throws IOException {
        faulty = Operation.LINK;
        for (Exception reported : List.of(
                new IOException("timed out"),
                new FileAlreadyExistsException("x"),
                new FileSystemException("x"),
                new IllegalStateException("timed out"))) {
            fault = file -> {
                Files.createLink(x, temporary);
                throw TestThrow.sneak(reported);
            };
            Publication publication = publication(true, Durability.NONE);
            publish(publication);
            assertTrue(publication.isVisible(), reported.toString());
            assertOnly("new");
            Files.delete(x);
        }
    }

    @Test
    void an_error_after_the_rename_is_thrown_and_the_content_is_visible() throws IOException {
        Files.writeString(x, "old");
        Error error = new OutOfMemoryError("on purpose");
        faulty = Operation.MOVE;
        fault = file -> {
            Files.move(temporary, x, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            throw error;
        };
        Publication publication = publication(false, Durability.NONE);
        assertSame(error, assertThrows(Error.class, () -> publish(publication)));
        assertTrue(publication.isVisible());
        assertOnly("new");
    }

    @Test
    void whatever_a_rename_throws_that_was_not_done_leaves_the_old_content_and_no_temporary() throws IOException {
        Files.writeString(x, "old");
        faulty = Operation.MOVE;
        for (Throwable thrown : List.of(new IOException("no"), new IllegalStateException("no"), new Error("no"))) {
            fault = file -> {
                throw TestThrow.sneak(thrown);
            };
            Publication publication = publication(false, Durability.NONE);
            Throwable told = assertThrows(Throwable.class, () -> publish(publication));
            assertSame(thrown, thrown instanceof Error ? told : told.getCause());
            assertFalse(publication.isVisible());
            assertOnly("old");
        }
    }

    @Test
    void a_mount_point_is_explained() throws IOException {
        Files.writeString(x, "old");
        faulty = Operation.MOVE;
        fault = file -> {
            throw new FileSystemException("x", null, "Device or resource busy");
        };
        AtomicCommitException told =
                assertThrows(AtomicCommitException.class, () -> publish(publication(false, Durability.NONE)));
        assertTrue(told.getMessage().contains("mount its directory"), told.getMessage());
    }

    @Test
    void content_of_another_size_than_was_written_is_not_published() throws IOException {
        Files.writeString(x, "old");
        Claim claim = claim();
        Publication publication = publication(false, Durability.NONE);
        AtomicCommitException told = assertThrows(
                AtomicCommitException.class, () -> publication.publish(claim, Publication.KEEP_NOTHING, 4));
        assertTrue(told.getMessage().contains("3 bytes, and not the 4"), told.getMessage());
        assertOnly("old");
    }

    @Test
    void a_directory_that_cannot_be_forced_leaves_the_content_visible_and_says_so() throws IOException {
        faulty = Operation.FORCE;
        fault = file -> {
            throw new IOException("the device is gone");
        };
        Publication publication = publication(false, Durability.FULL);
        AtomicCommitException told = assertThrows(AtomicCommitException.class, () -> publish(publication));
        assertEquals(Outcome.VISIBLE_NOT_DURABLE, told.outcome());
        assertTrue(publication.isVisible());
        assertOnly("new");
    }

    @Test
    void an_interrupt_is_put_off_and_not_lost() throws IOException {
        Claim claim = claim();
        Thread.currentThread().interrupt();
        try {
            publication(false, Durability.FULL).publish(claim, Publication.KEEP_NOTHING, 3);
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertOnly("new");
    }
}
