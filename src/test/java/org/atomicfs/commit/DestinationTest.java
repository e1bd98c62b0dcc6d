package org.atomicfs.commit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import org.atomicfs.testing.Needs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationTest {
    @TempDir
    Path directory;

    private Path x;
    private Path link;

    @BeforeEach
    void name() {
        x = directory.resolve("x");
        link = directory.resolve("link");
    }

    private static Destination find(Path path, OpenOption... options) throws IOException {
        return Destination.find(path, Channels.request(options), new Channels(true));
    }

    @Test
    void a_new_file_does_not_exist_yet() throws IOException {
        Destination found = find(x, WRITE, CREATE);
        assertEquals(x, found.path());
        assertFalse(found.exists());
        assertFalse(found.inPlace());
        assertEquals(List.of(), names(directory));
    }

    @Test
    void links_are_followed_one_by_one_even_to_a_file_that_is_missing() throws IOException {
        Files.createSymbolicLink(link, Path.of("second"));
        Files.createSymbolicLink(directory.resolve("second"), x);
        assertEquals(x, find(link, WRITE, CREATE).path());
        assertFalse(find(link, WRITE, CREATE).exists());
        Files.writeString(x, "old");
        assertTrue(find(link, WRITE).exists());
    }

    @Test
    void a_loop_of_links_and_a_link_that_is_not_to_be_followed_are_refused_as_by_a_plain_open() throws IOException {
        Files.createSymbolicLink(link, link);
        assertThrows(FileSystemException.class, () -> find(link, WRITE));
        Files.createFile(x);
        Path other = Files.createSymbolicLink(directory.resolve("other"), x);
        assertThrows(IOException.class, () -> find(other, WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void what_a_plain_open_refuses_is_refused_with_the_path_that_was_opened() throws IOException {
        assertEquals(
                x.toString(),
                assertThrows(NoSuchFileException.class, () -> find(x, WRITE)).getFile());
        Files.createFile(x);
        assertEquals(
                x.toString(),
                assertThrows(FileAlreadyExistsException.class, () -> find(x, WRITE, CREATE_NEW))
                        .getFile());
        Files.createSymbolicLink(link, Path.of("missing"));
        assertThrows(FileAlreadyExistsException.class, () -> find(link, WRITE, CREATE_NEW));
        assertThrows(FileSystemException.class, () -> find(directory, WRITE, TRUNCATE_EXISTING));
        assertThrows(
                UnsupportedOperationException.class, () -> find(directory.resolve("missing"), new OpenOption() {}));
    }

    @Test
    void a_device_and_a_file_that_is_deleted_on_close_are_written_in_place() throws IOException {
        Needs.posix();
        assertTrue(find(Path.of("/dev/null"), WRITE, TRUNCATE_EXISTING).inPlace());
        assertTrue(find(x, WRITE, CREATE, DELETE_ON_CLOSE).inPlace());
    }
}
