package org.atomicfs;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.atomicfs.testing.Needs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy without {@code REPLACE_EXISTING} never overwrites, whatever has failed before on the thread. */
class JdkCopyTest {
    @TempDir
    Path directory;

    private Path plain;
    private Path target;
    private Path source;

    @BeforeEach
    void make() throws IOException {
        plain = directory.resolve("target");
        target = AtomicFiles.atomic(plain);
        source = Files.writeString(directory.resolve("source"), "source");
    }

    private static InputStream stream() {
        return new ByteArrayInputStream("new".getBytes());
    }

    /** A source that exists and cannot be opened, not even by root. */
    private Path unopenable() throws IOException {
        Needs.posix();
        Path socket = directory.resolve("socket");
        assumeTrue(socket.toString().length() < 100, "needs a short path, unix(7)");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }
        return socket;
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    /** A file of another provider that does something before it opens the file. */
    private static Path before(Path file, Action action) {
        return new FilterFileSystemProvider("slow", file.getFileSystem()) {
            @Override
            public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
                action.run();
                return super.newInputStream(path, options);
            }
        }.wrapPath(file);
    }

    private void failBetweenProviders() throws IOException {
        Path socket = unopenable();
        Files.writeString(plain, "precious");
        assertThrows(IOException.class, () -> Files.copy(socket, target, REPLACE_EXISTING));
        assertEquals("precious", Files.readString(plain), "the new file cannot be had");
    }

    @Test
    void after_a_copy_between_providers_that_failed_a_stream_does_not_overwrite() throws IOException {
        failBetweenProviders();
        assertThrows(FileAlreadyExistsException.class, () -> Files.copy(stream(), target));
        assertEquals("precious", Files.readString(plain));
    }

    @Test
    void after_a_copy_between_providers_that_failed_another_one_does_not_overwrite() throws IOException {
        failBetweenProviders();
        assertThrows(FileAlreadyExistsException.class, () -> Files.copy(source, target));
        assertEquals("precious", Files.readString(plain));
    }

    @Test
    void after_a_copy_between_providers_that_failed_a_directory_does_not_take_the_files_place() throws IOException {
        failBetweenProviders();
        Path folder = Files.createDirectory(directory.resolve("folder"));
        assertThrows(FileAlreadyExistsException.class, () -> Files.copy(folder, target));
        assertThrows(FileAlreadyExistsException.class, () -> Files.createDirectory(target));
        assertEquals("precious", Files.readString(plain));
    }

    /** Another program's file that comes into being between the look at the target and its opening. */
    @Test
    void a_file_that_comes_during_a_copy_between_providers_is_not_overwritten() throws IOException {
        failBetweenProviders();
        Files.delete(plain);
        Path slow = before(source, () -> Files.writeString(plain, "another program's"));
        assertThrows(FileAlreadyExistsException.class, () -> Files.copy(slow, target));
        assertEquals("another program's", Files.readString(plain));
    }

    @Test
    void a_file_that_comes_in_the_place_of_the_one_to_be_replaced_is_not_overwritten() throws IOException {
        Files.writeString(plain, "old");
        Path slow = before(source, () -> {
            Path other = Files.writeString(directory.resolve("other"), "another program's");
            Files.move(other, plain, REPLACE_EXISTING);
        });
        assertThrows(FileAlreadyExistsException.class, () -> Files.copy(slow, target, REPLACE_EXISTING));
        assertEquals("another program's", Files.readString(plain));
    }

    @Test
    void after_a_copy_onto_a_full_directory_that_failed_a_stream_does_not_overwrite() throws IOException {
        Path in = Files.createFile(Files.createDirectory(plain).resolve("in"));
        assertThrows(DirectoryNotEmptyException.class, () -> Files.copy(stream(), target, REPLACE_EXISTING));
        assertThrows(DirectoryNotEmptyException.class, () -> Files.copy(source, target, REPLACE_EXISTING));
        Files.delete(in);
        Files.delete(plain);
        Files.writeString(plain, "precious");
        assertThrows(FileAlreadyExistsException.class, () -> Files.copy(stream(), target));
        assertEquals("precious", Files.readString(plain));
    }

    @Test
    void after_a_copy_of_a_broken_stream_a_stream_does_not_overwrite() throws IOException {
        Files.writeString(plain, "precious");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }
        };
        assertThrows(IOException.class, () -> Files.copy(broken, target, REPLACE_EXISTING));
        assertThrows(FileAlreadyExistsException.class, () -> Files.copy(stream(), target));
        assertEquals("precious", Files.readString(plain));
    }

    @Test
    void after_a_copy_that_failed_a_deletion_deletes_at_once() throws IOException {
        failBetweenProviders();
        assertEquals(true, Files.deleteIfExists(target));
        assertEquals(List.of("socket", "source"), names(directory));
        assertThrows(NoSuchFileException.class, () -> Files.delete(target));
    }

    @Test
    void copies_that_may_replace_still_do_after_one_that_failed() throws IOException {
        failBetweenProviders();
        Files.copy(stream(), target, REPLACE_EXISTING);
        assertEquals("new", Files.readString(plain));
        Files.copy(source, target, REPLACE_EXISTING);
        assertEquals("source", Files.readString(plain));
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Files.copy(folder, target, REPLACE_EXISTING);
        assertEquals(true, Files.isDirectory(plain));
    }
}
