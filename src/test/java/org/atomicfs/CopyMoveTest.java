package org.atomicfs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.MountedFileSystem;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.Poll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies and moves, and what a reader sees of them and of every other way to replace a file. */
class CopyMoveTest {
    private static final int SIZE = 5000; // bytes
    private static final int REPLACEMENTS = Integer.getInteger("replacements", 2000); // in each way

    @TempDir
    Path plainDirectory;

    private Path directory;
    private Path target;
    private FileSystem jimfs;

    @BeforeEach
    void make() throws IOException {
        directory = AtomicFiles.atomic(plainDirectory);
        target = directory.resolve("target");
        jimfs = Jimfs.newFileSystem(Configuration.unix());
    }

    @AfterEach
    void close() throws IOException {
        jimfs.close();
    }

    private static byte[] content(int i) {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, (byte) ('a' + i % 26));
        return content;
    }

    /** Replaces the target once. */
    @FunctionalInterface
    private interface Way {
        void replace(int i) throws Exception;
    }

    private Map<String, Way> ways() throws IOException {
        Path source = directory.resolve("source");
        Path foreign = jimfs.getPath("/work/source");
        Map<String, Way> ways = new TreeMap<>();
        ways.put("stream", i -> {
            try (var out = Files.newOutputStream(target, CREATE, TRUNCATE_EXISTING, WRITE, Durability.NONE)) {
                out.write(content(i), 0, 100);
                out.write(content(i), 100, SIZE - 100);
            }
        });
        ways.put("channel", i -> {
            try (FileChannel out = FileChannel.open(target, CREATE, TRUNCATE_EXISTING, WRITE, Durability.NONE)) {
                out.write(ByteBuffer.wrap(content(i), 0, 100));
                out.write(ByteBuffer.wrap(content(i), 100, SIZE - 100));
            }
        });
        ways.put("asynchronous channel", i -> {
            try (AsynchronousFileChannel out = AsynchronousFileChannel.open(target, WRITE, Durability.NONE)) {
                out.write(ByteBuffer.wrap(content(i), 0, 100), 0).get();
                out.write(ByteBuffer.wrap(content(i), 100, SIZE - 100), 100).get();
            }
        });
        ways.put("update in place", i -> {
            try (FileChannel out = FileChannel.open(target, WRITE, TemporaryName.UNIQUE, Durability.NONE)) {
                out.write(ByteBuffer.wrap(content(i), 0, 100));
                out.write(ByteBuffer.wrap(content(i), 100, SIZE - 100));
            }
        });
        ways.put("copy of a file", i -> {
            Files.write(AtomicFiles.plain(source), content(i));
            Files.copy(source, target, REPLACE_EXISTING);
        });
        ways.put("copy of a stream", i -> Files.copy(new ByteArrayInputStream(content(i)), target, REPLACE_EXISTING));
        ways.put("copy from another provider", i -> {
            Files.write(foreign, content(i));
            Files.copy(foreign, target, REPLACE_EXISTING);
        });
        ways.put("copy from a plain path", i -> {
            Files.write(AtomicFiles.plain(source), content(i));
            Files.copy(AtomicFiles.plain(source), target, REPLACE_EXISTING);
        });
        ways.put("move", i -> {
            Files.write(AtomicFiles.plain(source), content(i));
            Files.move(source, target, REPLACE_EXISTING);
        });
        ways.put("move from another provider", i -> {
            Files.write(foreign, content(i));
            Files.move(foreign, target, REPLACE_EXISTING);
        });
        return ways;
    }

    @Test
    void a_reader_never_misses_the_file_and_never_sees_a_mixture() throws Exception {
        try (FileSystem unforced = AtomicFiles.wrap(
                plainDirectory.getFileSystem(),
                AtomicOptions.builder().durability(Durability.NONE).build())) {
            directory = unforced.getPath(plainDirectory.toString());
            target = directory.resolve("target");
            for (Map.Entry<String, Way> way : ways().entrySet()) {
                assertNeverTorn(way.getKey(), REPLACEMENTS, way.getValue());
            }
            assertNeverTorn("all ways", 1, i -> {
                for (Way way : ways().values()) {
                    way.replace(i);
                }
            });
        }
    }

    private void assertNeverTorn(String name, int replacements, Way way) throws Exception {
        Path plain = AtomicFiles.plain(target);
        Files.write(plain, content(0));
        AtomicReference<String> wrong = new AtomicReference<>();
        AtomicInteger reads = new AtomicInteger();
        Thread reader = new Thread(() -> {
            while (!Thread.interrupted() && wrong.get() == null) {
                try (var in = Files.newInputStream(plain)) { // uninterruptible, other than readAllBytes
                    byte[] seen = in.readAllBytes();
                    if (!Arrays.equals(seen, content(seen.length == 0 ? 0 : seen[0] - 'a'))) {
                        wrong.set("%d bytes: a mixture".formatted(seen.length));
                    }
                    reads.incrementAndGet();
                } catch (IOException e) {
                    wrong.set(e.toString());
                }
            }
        });
        reader.start();
        for (int i = 1; i <= replacements && wrong.get() == null; i++) {
            way.replace(i);
        }
        Poll.until(() -> reads.get() > 0 || wrong.get() != null);
        reader.interrupt();
        reader.join(TimeUnit.SECONDS.toMillis(60));
        assertEquals(null, wrong.get(), name);
        assertTrue(Arrays.equals(content(replacements), Files.readAllBytes(plain)), name);
    }

    @Test
    void a_genuine_deletion_is_done_at_once() throws IOException {
        Files.writeString(target, "old");
        assertTrue(Files.deleteIfExists(target));
        assertFalse(Files.exists(target));
        assertFalse(Files.deleteIfExists(target));
        Files.writeString(target, "old");
        Files.copy(new ByteArrayInputStream(content(1)), target, REPLACE_EXISTING);
        Files.delete(target);
        assertEquals(List.of(), names(plainDirectory));
        assertThrows(
                FileAlreadyExistsException.class,
                () -> Files.copy(new ByteArrayInputStream(new byte[0]), Files.writeString(target, "old")));
        assertEquals("old", Files.readString(target));
    }

    @Test
    void the_old_file_is_there_until_the_copy_of_a_stream_is_complete() throws IOException {
        Files.writeString(target, "old");
        Files.copy(
                new ByteArrayInputStream("new".getBytes()) {
                    @Override
                    public synchronized int read(byte[] bytes, int offset, int length) {
                        try {
                            assertEquals("old", Files.readString(target));
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                        return super.read(bytes, offset, length);
                    }
                },
                target,
                REPLACE_EXISTING);
        assertEquals("new", Files.readString(target));
        assertEquals(List.of("target"), names(plainDirectory));
    }

    /** Fails after some bytes. */
    private static final class Broken extends InputStream {
        private int left = 100;

        @Override
        public int read() throws IOException {
            if (left == 0) {
                throw new IOException("broken");
            }
            left--;
            return 'x';
        }
    }

    @Test
    void a_copy_of_a_stream_that_fails_leaves_what_was_there() throws IOException {
        for (int i = 0; i < 10_000; i++) { // so often that the JIT compiles it
            boolean replace = i % 2 == 0;
            if (replace && i < 4) {
                Files.writeString(target, "old");
            }
            Path copy = replace ? target : directory.resolve("new");
            java.nio.file.CopyOption[] options =
                    replace ? new java.nio.file.CopyOption[] {REPLACE_EXISTING} : new java.nio.file.CopyOption[0];
            IOException e = assertThrows(IOException.class, () -> Files.copy(new Broken(), copy, options));
            assertEquals("broken", e.getMessage());
            assertSame(AtomicCommitException.class, e.getSuppressed()[0].getClass(), "it is said");
            if (i % 1000 == 0) {
                assertEquals("old", Files.readString(target));
                assertEquals(List.of("target"), names(plainDirectory));
                Files.copy(new ByteArrayInputStream("old".getBytes()), target, REPLACE_EXISTING);
            }
        }
        Files.copy(new ByteArrayInputStream(content(1)), target, REPLACE_EXISTING);
        assertTrue(Arrays.equals(content(1), Files.readAllBytes(target)));
    }

    @Test
    void a_copy_from_another_provider_that_fails_leaves_what_was_there() throws IOException {
        Files.writeString(target, "old");
        Path foreign = Files.writeString(jimfs.getPath("/work/f"), "new");
        jimfs.close();
        assertThrows(RuntimeException.class, () -> Files.copy(foreign, target, REPLACE_EXISTING));
        assertEquals("old", Files.readString(target));
        assertThrows(
                FileAlreadyExistsException.class,
                () -> Files.copy(new ByteArrayInputStream(new byte[0]), target),
                "no deletion is owed");
        assertEquals(List.of("target"), names(plainDirectory));
    }

    @Test
    void a_directory_from_another_provider_replaces_a_file_and_a_file_an_empty_directory() throws IOException {
        Files.writeString(target, "old");
        Path foreign = Files.createDirectory(jimfs.getPath("/work/d"));
        Files.copy(foreign, target, REPLACE_EXISTING);
        assertTrue(Files.isDirectory(target));
        Path file = Files.writeString(jimfs.getPath("/work/f"), "new");
        Files.copy(file, target, REPLACE_EXISTING);
        assertEquals("new", Files.readString(target));
        Files.delete(target);
        Files.createDirectories(target.resolve("full"));
        assertThrows(DirectoryNotEmptyException.class, () -> Files.copy(file, target, REPLACE_EXISTING));
        Path source = Files.writeString(directory.resolve("source"), "new");
        assertThrows(DirectoryNotEmptyException.class, () -> Files.copy(source, target, REPLACE_EXISTING));
        assertThrows(DirectoryNotEmptyException.class, () -> Files.move(source, target, REPLACE_EXISTING));
        Files.delete(target.resolve("full"));
        Files.copy(source, target, REPLACE_EXISTING);
        assertEquals("new", Files.readString(target));
        assertEquals(List.of("source", "target"), names(plainDirectory));
    }

    @Test
    void links_are_copied_and_replaced_as_links() throws IOException {
        Path real = Files.writeString(directory.resolve("real"), "content");
        Path link = Files.createSymbolicLink(directory.resolve("link"), real.getFileName());
        Files.writeString(target, "old");
        Files.copy(link, target, REPLACE_EXISTING, NOFOLLOW_LINKS);
        assertEquals(real.getFileName(), Files.readSymbolicLink(target));
        Files.writeString(directory.resolve("other"), "other");
        Files.copy(directory.resolve("other"), target, REPLACE_EXISTING); // replaces the link, not what it leads to
        assertFalse(Files.isSymbolicLink(target));
        assertEquals("content", Files.readString(real));
        Files.copy(link, target, REPLACE_EXISTING);
        assertEquals("content", Files.readString(target));
        Files.move(link, target, REPLACE_EXISTING);
        assertTrue(Files.isSymbolicLink(target));
        assertEquals(List.of("other", "real", "target"), names(plainDirectory));
    }

    @Test
    void nothing_is_moved_over_a_file_that_must_stay() throws Exception {
        for (int round = 0; round < 300; round++) {
            Path goal = directory.resolve("goal" + round);
            CyclicBarrier start = new CyclicBarrier(2);
            AtomicInteger moved = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (String name : List.of("one", "two")) {
                Path source = Files.writeString(plainDirectory.resolve(name), name);
                Thread thread = new Thread(() -> {
                    try {
                        start.await(60, TimeUnit.SECONDS);
                        Files.move(AtomicFiles.atomic(source), goal);
                        moved.incrementAndGet();
                    } catch (FileAlreadyExistsException e) {
                        // the other one was faster
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(1, moved.get());
            String left = Files.exists(plainDirectory.resolve("one")) ? "one" : "two";
            assertEquals(left.equals("one") ? "two" : "one", Files.readString(goal));
            Files.delete(plainDirectory.resolve(left));
        }
        assertEquals(300, names(plainDirectory).size());
    }

    @Test
    void moves_and_copies_from_another_file_store() throws Exception {
        MountedFileSystem.assumePossible();
        Path other = Files.createDirectory(plainDirectory.resolve("other"));
        assertEquals(
                0,
                ChildProcess.run(List.of("mount", "-t", "tmpfs", "none", other.toString()), null)
                        .status());
        try {
            Path source = AtomicFiles.atomic(other.resolve("source"));
            assertNeverTorn("move from another file store", 500, i -> {
                Files.write(AtomicFiles.plain(source), content(i));
                Files.move(source, target, REPLACE_EXISTING);
                assertFalse(Files.exists(source));
            });
            Files.writeString(source, "new");
            Files.setAttribute(source, "unix:mode", 0751);
            assertThrows(FileAlreadyExistsException.class, () -> Files.move(source, target));
            assertThrows(
                    java.nio.file.AtomicMoveNotSupportedException.class, () -> Files.move(source, target, ATOMIC_MOVE));
            Path absent = directory.resolve("absent");
            Files.move(source, absent);
            assertEquals("new", Files.readString(absent));
            assertEquals(0751, (int) Files.getAttribute(absent, "unix:mode") & 0777);
            assertFalse(Files.exists(source));
            Files.copy(absent, source, COPY_ATTRIBUTES);
            assertEquals(Files.getLastModifiedTime(absent), Files.getLastModifiedTime(source));
            Path link = Files.createSymbolicLink(AtomicFiles.atomic(other.resolve("link")), source.getFileName());
            Files.move(link, directory.resolve("link"));
            assertTrue(Files.isSymbolicLink(directory.resolve("link")));
            Path empty = Files.createDirectory(AtomicFiles.atomic(other.resolve("empty")));
            Files.move(empty, directory.resolve("empty"));
            assertTrue(Files.isDirectory(directory.resolve("empty")));
            assertEquals(List.of("absent", "empty", "link", "other", "target"), names(plainDirectory));
        } finally {
            ChildProcess.run(List.of("umount", other.toString()), null);
        }
    }

    @Test
    void a_missing_source_leaves_the_target() throws IOException {
        Files.writeString(target, "old");
        Path missing = directory.resolve("missing");
        for (Path source : List.of(missing, AtomicFiles.plain(missing), jimfs.getPath("/work/missing"))) {
            assertThrows(NoSuchFileException.class, () -> Files.copy(source, target, REPLACE_EXISTING));
            assertThrows(NoSuchFileException.class, () -> Files.move(source, target, REPLACE_EXISTING));
        }
        assertEquals("old", Files.readString(target));
        Files.copy(target, target, REPLACE_EXISTING);
        Files.move(target, target);
        assertSame(1, names(plainDirectory).size());
    }

    @Test
    void a_copy_whose_source_cannot_be_deleted_is_taken_back(@TempDir Path directory) throws IOException {
        Path source =
                ObservedFileSystem.over(Files.writeString(directory.resolve("source"), "new"), (operation, file) -> {
                    if (operation == ObservedFileSystem.Operation.DELETE && file.endsWith("source")) {
                        throw new AccessDeniedException(file.toString());
                    }
                });
        Path target = directory.resolve("target");
        assertThrows(
                AccessDeniedException.class, () -> Files.move(AtomicFiles.atomic(source), AtomicFiles.atomic(target)));
        assertFalse(Files.exists(target));
        Files.writeString(target, "old");
        AtomicCommitException both = assertThrows(
                AtomicCommitException.class,
                () -> Files.move(
                        AtomicFiles.atomic(source), AtomicFiles.atomic(target), StandardCopyOption.REPLACE_EXISTING));
        assertEquals(AtomicCommitException.Outcome.COMMITTED, both.outcome());
        assertEquals("new", Files.readString(target));
        assertEquals("new", Files.readString(directory.resolve("source")));
    }
}
