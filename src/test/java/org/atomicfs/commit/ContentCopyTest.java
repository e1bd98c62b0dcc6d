package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.TestDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContentCopyTest {
    @TempDir
    Path directory;

    private static void copy(Path from, Path to, BooleanSupplier cancelled) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(from);
                SeekableByteChannel out =
                        Files.newByteChannel(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ContentCopy.copy(in, out, cancelled);
        }
    }

    @ParameterizedTest
    @EnumSource
    void content_is_copied_whole_in_memory_and_on_disk(DelegateKind kind) throws IOException {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        try (TestDirectory in = kind.newDirectory()) {
            Path from = Files.write(in.plain().resolve("from"), content);
            copy(from, in.plain().resolve("to"), () -> false);
            assertArrayEquals(content, Files.readAllBytes(in.plain().resolve("to")));
            copy(from, directory.resolve(kind.name()), () -> false);
            assertArrayEquals(content, Files.readAllBytes(directory.resolve(kind.name())));
        }
    }

    @Test
    void a_file_that_tells_a_size_of_0_is_copied_whole() throws IOException {
        Path made = Path.of("/proc/version");
        assumeTrue(Files.exists(made), "needs /proc");
        assertEquals(0, Files.size(made));
        copy(made, directory.resolve("to"), () -> false);
        assertEquals(Files.readString(made), Files.readString(directory.resolve("to")));
    }

    @Test
    void the_copy_begins_where_the_source_stands_and_goes_to_its_end() throws IOException {
        Path from = Files.writeString(directory.resolve("from"), "0123456789");
        try (SeekableByteChannel in = Files.newByteChannel(from);
                SeekableByteChannel out = Files.newByteChannel(
                        directory.resolve("to"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ContentCopy.copy(in.position(4), out, () -> false);
            assertEquals(10, in.position());
        }
        assertEquals("456789", Files.readString(directory.resolve("to")));
    }

    @Test
    void a_cancelled_copy_ends_before_its_end() throws IOException {
        Path from = directory.resolve("from");
        long size = 1L << 30;
        try (RandomAccessFile sparse = new RandomAccessFile(from.toFile(), "rw")) {
            sparse.setLength(size);
        }
        int[] asked = {0};
        copy(from, directory.resolve("to"), () -> ++asked[0] > 2);
        long copied = Files.size(directory.resolve("to"));
        assertTrue(0 < copied && copied < size / 2, () -> "copied " + copied);

        copy(from, directory.resolve("nothing"), () -> true);
        assertEquals(0, Files.size(directory.resolve("nothing")));
    }
}
