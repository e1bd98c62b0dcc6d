package org.atomicfs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in an archive of the JDK's zip file system: what is in it when it is closed. */
class ArchivesTest {
    @FunctionalInterface
    private interface Writing {
        void to(Path file) throws IOException;
    }

    @TempDir
    Path directory;

    private Path archive;

    @BeforeEach
    void make_an_archive() throws IOException {
        archive = directory.resolve("archive.zip");
        try (FileSystem zip =
                FileSystems.newFileSystem(URI.create("jar:" + archive.toUri()), Map.of("create", "true"))) {
            Files.writeString(zip.getPath("file"), "base");
        }
    }

    /** Writes, and returns what the archive has then, read by other means. */
    private Map<String, String> after(Writing writing) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(archive)) {
            writing.to(AtomicFiles.atomic(zip.getPath("file")));
        }
        Map<String, String> content = new TreeMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                content.put(
                        entry.getName(), new String(zip.getInputStream(entry).readAllBytes()));
            }
        }
        return content;
    }

    @Test
    void a_failed_write_leaves_nothing_in_it() throws IOException {
        assertEquals(Map.of("file", "base"), after(file -> {
            for (Path each : new Path[] {file, file.resolveSibling("new")}) {
                assertThrows(IllegalStateException.class, () -> {
                    try (OutputStream out = Files.newOutputStream(each)) {
                        out.write(new byte[100_000]);
                        throw new IllegalStateException();
                    }
                });
                OutputStream out = Files.newOutputStream(each);
                out.write(1);
                ((AtomicWrite) out).abort();
            }
            assertThrows(
                    IOException.class,
                    () -> AtomicFiles.write(file, out -> {
                        out.write(1);
                        throw new IOException();
                    }));
        }));
        assertEquals(Map.of("file", "again"), after(file -> Files.writeString(file, "again")));
    }

    @Test
    void what_is_appended_follows_what_was_there() throws IOException {
        assertEquals(Map.of("file", "base+more"), after(file -> Files.writeString(file, "+more", APPEND)));
        assertEquals(Map.of("file", "base+more, and more"), after(file -> {
            try (SeekableByteChannel channel = Files.newByteChannel(file, APPEND)) {
                channel.write(ByteBuffer.wrap(", and".getBytes()));
                channel.write(ByteBuffer.wrap(" more".getBytes()));
            }
        }));
    }

    @Test
    void a_part_can_be_changed_in_its_place() throws IOException {
        assertEquals(Map.of("file", "bXXe"), after(file -> {
            try (SeekableByteChannel channel = Files.newByteChannel(file, WRITE)) {
                channel.position(1);
                channel.write(ByteBuffer.wrap("XX".getBytes()));
            }
        }));
        assertEquals(Map.of("file", "bXYe"), after(file -> {
            try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
                ByteBuffer read = ByteBuffer.allocate(2);
                channel.read(read);
                assertEquals("bX", new String(read.array()));
                channel.write(ByteBuffer.wrap("Y".getBytes()));
            }
        }));
    }

    @Test
    void a_change_that_fails_leaves_the_old_content() throws IOException {
        assertEquals(Map.of("file", "base"), after(file -> {
            SeekableByteChannel channel = Files.newByteChannel(file, WRITE);
            channel.write(ByteBuffer.wrap("XX".getBytes()));
            ((AtomicWrite) channel).abort();
            channel.close();
            OutputStream out = Files.newOutputStream(file, APPEND);
            out.write(1);
            ((AtomicWrite) out).abort();
            out.close();
        }));
    }

    @Test
    void an_open_that_writes_nothing_changes_nothing() throws IOException {
        assertEquals(Map.of("file", "base"), after(file -> {
            Object before = Files.getLastModifiedTime(file);
            Files.newByteChannel(file, WRITE).close();
            Files.newOutputStream(file, APPEND).close();
            assertEquals(before, Files.getLastModifiedTime(file));
        }));
    }

    @Test
    void a_stream_that_would_write_over_a_part_is_refused() throws IOException {
        assertEquals(
                Map.of("file", "base"),
                after(file -> assertThrows(
                        FileSystemException.class,
                        () -> Files.newOutputStream(file, WRITE).close())));
    }

    @Test
    void a_lock_that_would_exclude_nobody_is_refused() throws IOException {
        assertEquals(Map.of("file", "base"), after(file -> {
            try (FileChannel channel = FileChannel.open(file, WRITE)) {
                FileSystemException refused = assertThrows(FileSystemException.class, () -> channel.tryLock());
                assertTrue(refused.getMessage().contains("cannot be locked"), refused.getMessage());
            }
        }));
    }

    @Test
    void create_new_does_not_overwrite() throws IOException {
        assertEquals(Map.of("file", "base", "new", "theirs"), after(file -> {
            OutputStream out = Files.newOutputStream(file.resolveSibling("new"), CREATE_NEW);
            out.write(1);
            Files.writeString(AtomicFiles.plain(file.resolveSibling("new")), "theirs");
            assertThrows(IOException.class, out::close);
        }));
    }
}
