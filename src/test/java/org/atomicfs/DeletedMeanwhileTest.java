package org.atomicfs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.atomicfs.testing.DirectoryListing;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Look;
import org.atomicfs.testing.ObservedFileSystem.Observer;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A file that is replaced as a whole is published as well when another program deletes the old one at any moment. */
class DeletedMeanwhileTest {
    @TempDir
    Path directory;

    /** Deletes the old file before the n-th call to the file system. */
    private static final class Deleting implements Observer {
        private final Path file;
        private final int when;
        private int calls;

        private Deleting(Path file, int when) {
            this.file = file;
            this.when = when;
        }

        private void count() throws IOException {
            if (++calls == when && Files.readString(file).equals("old")) {
                Files.delete(file);
            }
        }

        @Override
        public void before(Operation operation, Path of) throws IOException {
            count();
        }

        @Override
        public void before(Look look, Path of) throws IOException {
            count();
        }
    }

    /** A way to replace a file. */
    private enum Way {
        STREAM {
            @Override
            void write(Path file) throws IOException {
                Files.writeString(AtomicFiles.atomic(file), "new");
            }
        },
        CHANNEL {
            @Override
            void write(Path file) throws IOException {
                try (FileChannel channel =
                        FileChannel.open(AtomicFiles.atomic(file), CREATE, WRITE, TRUNCATE_EXISTING)) {
                    channel.write(ByteBuffer.wrap("new".getBytes()));
                }
            }
        },
        MEMBER {
            @Override
            void write(Path file) throws IOException {
                try (FileTransaction transaction = AtomicFiles.transaction(file.getParent())) {
                    Files.writeString(transaction.path(file), "new");
                    Files.writeString(transaction.path(file.resolveSibling("other")), "new");
                    transaction.commit();
                }
            }
        };

        abstract void write(Path file) throws IOException;
    }

    private int write(Way way, int when) throws IOException {
        Path plain = directory.resolve("file");
        Files.writeString(plain, "old");
        Deleting deleting = new Deleting(plain, when);
        way.write(ObservedFileSystem.over(directory, deleting).resolve("file"));
        assertEquals("new", Files.readString(plain));
        assertEquals(List.of(), AtomicFiles.pending());
        assertTrue(DirectoryListing.names(directory).stream().noneMatch(name -> name.endsWith(".tmp")));
        return deleting.calls;
    }

    @TestFactory
    Stream<DynamicTest> the_new_file_is_published() {
        Needs.posix();
        return Stream.of(Way.values())
                .flatMap(way -> IntStream.rangeClosed(1, calls(way))
                        .mapToObj(when -> DynamicTest.dynamicTest(way + " call " + when, () -> write(way, when))));
    }

    private int calls(Way way) {
        try {
            return write(way, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
