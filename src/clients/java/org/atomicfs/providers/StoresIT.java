package org.atomicfs.providers;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.cloud.storage.contrib.nio.CloudStorageOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicOptions;
import org.atomicfs.testing.DirectoryListing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that fail, through the providers of object stores as they are. */
class StoresIT {
    @TempDir
    Path staging;

    @AfterEach
    void nothing_is_left() throws IOException {
        assertEquals(List.of(), AtomicFiles.pending());
        assertEquals(List.of(), DirectoryListing.names(staging));
    }

    private Path atomic(Path plain) {
        return AtomicFiles.wrap(
                        plain.getFileSystem(),
                        AtomicOptions.builder().stagingDirectory(staging).build())
                .getPath(plain.toString());
    }

    private static OutputStream written(Path file, OpenOption... options) throws IOException {
        OutputStream out = Files.newOutputStream(file, options);
        out.write(new byte[100_000]);
        return out;
    }

    @Nested
    class S3 {
        private S3Server server;
        private Path plain;
        private Path atomic;

        @BeforeEach
        void start() throws IOException {
            server = new S3Server();
            plain = Stores.s3(server).resolve("d/x.txt");
            atomic = atomic(plain);
            Files.writeString(plain, "old");
        }

        @AfterEach
        void stop() {
            server.close();
        }

        @Test
        void an_upload_that_is_refused_is_not_made_when_the_file_system_is_closed() throws IOException {
            OutputStream out = written(atomic);
            server.puts(S3Server.Puts.REFUSED);
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            server.puts(S3Server.Puts.TAKEN);
            plain.getFileSystem().close();
            assertEquals("old", server.content("d/x.txt"));
        }

        @Test
        void an_upload_whose_answer_is_lost_has_been_made() throws IOException {
            OutputStream out = written(atomic);
            server.puts(S3Server.Puts.ANSWER_LOST);
            out.close();
            assertEquals(100_000, server.content("d/x.txt").length());
        }

        @Test
        void a_block_that_fails_uploads_nothing() {
            assertThrows(IllegalStateException.class, () -> {
                try (OutputStream out = written(atomic)) {
                    throw new IllegalStateException("the source broke, and " + out + " is not complete");
                }
            });
            assertEquals("old", server.content("d/x.txt"));
        }

        @Test
        void a_new_object_never_takes_the_place_of_one_that_came_during_the_upload() throws IOException {
            Path late = plain.resolveSibling("late");
            OutputStream out = written(atomic(late), CREATE_NEW);
            Files.writeString(late, "theirs");
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertInstanceOf(FileAlreadyExistsException.class, e.getCause());
            assertEquals("theirs", server.content("d/late"));
        }

        @Test
        void what_is_appended_is_appended_to_the_object_that_was_opened() throws IOException {
            Files.writeString(atomic, "+1", APPEND);
            assertEquals("old+1", server.content("d/x.txt"));
            OutputStream out = Files.newOutputStream(atomic, APPEND);
            out.write('+');
            Files.writeString(plain, "theirs");
            assertThrows(AtomicCommitException.class, out::close);
            assertEquals("theirs", server.content("d/x.txt"));
        }

        @Test
        void an_object_is_moved_to_itself_and_is_not_deleted() throws IOException {
            Files.move(atomic, atomic);
            assertEquals("old", server.content("d/x.txt"));
            Files.move(atomic, atomic.resolveSibling("y"));
            assertEquals("old", server.content("d/y"));
            assertNull(server.content("d/x.txt"));
        }
    }

    @Nested
    class Google {
        private final Path plain = Stores.google().resolve("d/x");

        @Test
        void a_block_that_fails_uploads_nothing() throws IOException {
            Files.writeString(plain, "old");
            Path atomic = atomic(plain);
            assertThrows(IllegalStateException.class, () -> {
                try (OutputStream out = written(atomic)) {
                    throw new IllegalStateException("the source broke, and " + out + " is not complete");
                }
            });
            assertEquals("old", Files.readString(plain));
        }

        @Test
        void the_options_of_the_provider_are_those_of_the_upload() throws IOException {
            Files.write(atomic(plain), new byte[1], CREATE_NEW, CloudStorageOptions.withMimeType("text/csv"));
            assertEquals(
                    "text/csv",
                    Files.readAttributes(plain, com.google.cloud.storage.contrib.nio.CloudStorageFileAttributes.class)
                            .mimeType()
                            .get());
        }

        @Test
        void a_copy_within_the_store_keeps_the_attributes() throws IOException {
            Path atomic = atomic(plain);
            Files.write(atomic, new byte[1], CREATE_NEW, CloudStorageOptions.withMimeType("text/csv"));
            Files.move(atomic, atomic.resolveSibling("moved"));
            assertFalse(Files.exists(plain));
            assertEquals(
                    "text/csv",
                    Files.readAttributes(
                                    plain.resolveSibling("moved"),
                                    com.google.cloud.storage.contrib.nio.CloudStorageFileAttributes.class)
                            .mimeType()
                            .get());
        }
    }
}
