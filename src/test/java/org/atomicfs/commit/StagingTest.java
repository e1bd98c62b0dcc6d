package org.atomicfs.commit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Staging} with one channel for all purposes, and with two. */
class StagingTest {
    @TempDir
    Path directory;

    private Path x;

    @BeforeEach
    void name() {
        x = directory.resolve("x");
    }

    @AfterEach
    void nothing_is_held() {
        assertEquals(List.of(), Registry.held());
    }

    private static Staging<FileChannel> begin(boolean sharing, Path path, OpenOption... options) throws IOException {
        OpenRequest request = Channels.request(options);
        Channels channels = new Channels(sharing);
        Staging<FileChannel> staging =
                new Staging<>(path, Destination.find(path, request, channels), request, channels, null);
        staging.begin(null);
        return staging;
    }

    private static void write(Staging<FileChannel> staging, String content) throws IOException {
        staging.target().channel().write(ByteBuffer.wrap(content.getBytes()));
    }

    private void assertOnly(String content) throws IOException {
        assertEquals(List.of("x"), names(directory));
        assertEquals(content, Files.readString(x));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_truncated_is_staged_at_once(boolean sharing) throws IOException {
        Files.writeString(x, "old");
        Staging<FileChannel> staging = begin(sharing, x, WRITE, TRUNCATE_EXISTING);
        assertInstanceOf(Target.Staged.class, staging.target());
        write(staging, "new");
        assertEquals("old", Files.readString(x));
        staging.publish(3);
        assertTrue(staging.isPublished());
        assertOnly("new");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_keeps_its_content_is_staged_with_it_at_the_position_it_had(boolean sharing) throws IOException {
        Files.writeString(x, "0123");
        Staging<FileChannel> staging = begin(sharing, x, READ, WRITE);
        assertInstanceOf(Target.Unchanged.class, staging.target());
        assertEquals(List.of("x"), names(directory));
        staging.target().channel().position(2);
        staging.stage(() -> false);
        assertInstanceOf(Target.Staged.class, staging.target());
        write(staging, "new");
        staging.publish(-1);
        assertOnly("01new");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void discarding_leaves_the_old_file_and_nothing_else(boolean sharing) throws IOException {
        Files.writeString(x, "old");
        Staging<FileChannel> staging = begin(sharing, x, READ, WRITE);
        staging.stage(() -> false);
        write(staging, "new");
        staging.discard();
        assertFalse(staging.isPublished());
        assertTrue(staging.isClosedUnderneath());
        assertOnly("old");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_file_that_was_replaced_before_its_first_change_is_not_staged(boolean sharing) throws IOException {
        Files.writeString(x, "old");
        Staging<FileChannel> staging = begin(sharing, x, READ, WRITE);
        Files.delete(x);
        Files.createFile(directory.resolve("in the old one's place")); // perhaps with its key
        Files.writeString(x, "another program's");
        assertThrows(FileSystemException.class, () -> staging.stage(() -> false));
        assertInstanceOf(Target.Unchanged.class, staging.target());
        staging.discard();
        assertEquals("another program's", Files.readString(x));
        assertEquals(List.of("in the old one's place", "x"), names(directory));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_device_is_written_in_place(boolean sharing) throws IOException {
        Needs.posix();
        Staging<FileChannel> staging = begin(sharing, Path.of("/dev/null"), WRITE);
        assertInstanceOf(Target.InPlace.class, staging.target());
        staging.publish(-1);
        assertTrue(staging.isPublished());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_lock_file_is_published_empty_and_goes_on_unchanged(boolean sharing) throws IOException {
        Staging<FileChannel> staging = begin(sharing, x, WRITE, CREATE);
        assertTrue(staging.mayBeLockFile());
        staging.publishEmpty();
        assertInstanceOf(Target.Unchanged.class, staging.target());
        assertOnly("");
        staging.discard();
        assertOnly("");
    }
}
