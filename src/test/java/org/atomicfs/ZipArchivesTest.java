package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.commit.Archive;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.testing.Poll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives on atomic paths that are changed by the JDK's zip file system: old or new, and new only on success. */
class ZipArchivesTest {
    private static final Map<String, String> CREATE = Map.of("create", "true");
    private static final Map<String, String> OLD = Map.of("a", "1", "b", "2");

    @TempDir
    Path directory;

    private Path plain;
    private Path archive;

    @BeforeEach
    void prepare() throws IOException {
        plain = directory.resolve("a.zip");
        archive = AtomicFiles.atomic(plain);
    }

    @AfterEach
    void nothing_is_pending() {
        assertEquals(List.of(), AtomicFiles.pending());
    }

    private static void awaitNothingPending() {
        Poll.until(() -> {
            System.gc();
            return AtomicFiles.pending().isEmpty();
        });
    }

    private void assertTold(List<AtomicEvent> told, AtomicEvent.Outcome outcome, long bytes) {
        assertEquals(1, told.size(), told.toString());
        AtomicEvent event = told.remove(0);
        assertEquals(outcome, event.outcome());
        assertEquals(plain.toAbsolutePath(), event.destination());
        assertEquals(bytes, event.bytes());
    }

    @Test
    void listeners_are_told_of_one_write_of_the_archive() throws IOException {
        List<AtomicEvent> told = new ArrayList<>();
        AtomicOptions options = AtomicOptions.builder().addListener(told::add).build();
        Path listening = AtomicFiles.wrap(FileSystems.getDefault(), options).getPath(plain.toString());
        try (FileSystem zip = FileSystems.newFileSystem(listening, CREATE)) {
            Files.writeString(zip.getPath("a"), "1");
            assertEquals(List.of(), told);
        }
        assertTold(told, AtomicEvent.Outcome.PUBLISHED, Files.size(plain));
        try (FileSystem zip = FileSystems.newFileSystem(listening)) {
            Files.writeString(zip.getPath("b"), "2");
        }
        assertTold(told, AtomicEvent.Outcome.PUBLISHED, Files.size(plain));
        try (FileSystem zip = FileSystems.newFileSystem(listening)) {
            Files.writeString(zip.getPath("b"), "3");
            AtomicFiles.pending(listening).orElseThrow().markFailed(null);
        }
        assertTold(told, AtomicEvent.Outcome.DISCARDED, 0);
        FileSystems.newFileSystem(listening).close();
        assertEquals(List.of(), told);
        Files.writeString(listening.resolveSibling("after"), "told again");
        assertEquals(1, told.size(), told.toString());
    }

    /**
     * The garbage collector finds the channel of each archive that was closed: nothing is to be told or counted then.
     */
    @Test
    void listeners_are_told_of_one_write_although_older_archives_are_collected_meanwhile() throws Exception {
        List<AtomicEvent> told = new ArrayList<>();
        AtomicOptions options = AtomicOptions.builder().addListener(told::add).build();
        Archive older = Archive.open(this, plain, options);
        older.beginSaving(options);
        older.fail(new IOException("it is not this archive that matters"));
        older.end();
        told.clear();
        Archive newer = Archive.open(this, plain, options);
        newer.beginSaving(options);
        try {
            older.end();
            Files.writeString(
                    AtomicFiles.wrap(FileSystems.getDefault(), options)
                            .getPath(directory.resolve("beside").toString()),
                    "part of the newer one");
            assertEquals(List.of(), told);
            assertTrue(AtomicFiles.pending(archive).isPresent());
        } finally {
            newer.fail(new IOException("the end"));
            newer.end();
        }
        assertTold(told, AtomicEvent.Outcome.DISCARDED, 0);
    }

    private void writeOld() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(plain, CREATE)) {
            for (Map.Entry<String, String> entry : OLD.entrySet()) {
                Files.writeString(zip.getPath(entry.getKey()), entry.getValue());
            }
        }
    }

    private static Map<String, String> entries(Path zipFile) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (FileSystem zip = FileSystems.newFileSystem(AtomicFiles.plain(zipFile));
                Stream<Path> files = Files.list(zip.getPath("/"))) {
            for (Path file : files.toList()) {
                entries.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return entries;
    }

    private void assertIs(Map<String, String> expected) throws IOException {
        assertEquals(expected, entries(plain));
        assertFiles("a.zip");
    }

    private void assertFiles(String... names) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    List.of(names),
                    files.map(Path::getFileName).map(Path::toString).sorted().toList());
        }
    }

    private static void failIn(FileSystem zip, IOException failure) throws IOException {
        Files.writeString(zip.getPath("c"), "3");
        Files.deleteIfExists(zip.getPath("a"));
        try (OutputStream out = Files.newOutputStream(zip.getPath("d"))) {
            out.write(new byte[1000]);
            throw failure;
        }
    }

    private void updateFailing(IOException failure) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(archive)) {
            failIn(zip, failure);
        }
    }

    @Test
    void a_change_appears_when_the_archive_is_closed() throws IOException {
        writeOld();
        byte[] before = Files.readAllBytes(plain);
        try (FileSystem zip = FileSystems.newFileSystem(archive)) {
            Files.writeString(zip.getPath("c"), "3");
            Files.delete(zip.getPath("a"));
            assertArrayEquals(before, Files.readAllBytes(plain));
        }
        assertIs(Map.of("b", "2", "c", "3"));
    }

    @Test
    void an_entry_in_a_temporary_file_is_no_different() throws IOException {
        writeOld();
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("useTempFile", true))) {
            Files.writeString(zip.getPath("c"), "3");
        }
        assertIs(Map.of("a", "1", "b", "2", "c", "3"));
    }

    @Test
    void an_exception_that_leaves_the_block_leaves_the_archive() throws IOException {
        writeOld();
        FileTime before = Files.getLastModifiedTime(plain);
        IOException failure = new IOException("source broke");
        List<String> log;
        try (CapturedLogs logs = new CapturedLogs()) {
            assertSame(failure, assertThrows(IOException.class, () -> updateFailing(failure)));
            log = logs.records().stream().map(LogRecord::getMessage).toList();
        }
        assertEquals(0, failure.getSuppressed().length);
        assertIs(OLD);
        assertEquals(before, Files.getLastModifiedTime(plain));
        assertEquals(1, log.size(), log::toString);
        assertTrue(
                log.get(0).startsWith(plain + ": discarded, an exception was propagating when it was closed"),
                log::toString);
    }

    @Test
    void after_a_failure_it_can_be_changed() throws IOException {
        writeOld();
        assertThrows(IOException.class, () -> updateFailing(new IOException()));
        try (FileSystem zip = FileSystems.newFileSystem(archive)) {
            Files.delete(zip.getPath("a"));
        }
        assertIs(Map.of("b", "2"));
    }

    @Test
    void one_that_is_marked_failed_is_discarded_silently() throws IOException {
        writeOld();
        try (CapturedLogs logs = new CapturedLogs()) {
            try (FileSystem zip = FileSystems.newFileSystem(archive)) {
                Files.writeString(zip.getPath("c"), "3");
                assertTrue(AtomicFiles.markFailed(archive, null));
            }
            assertEquals(
                    List.of(),
                    logs.records().stream().map(LogRecord::getMessage).toList());
        }
        assertIs(OLD);
    }

    @Test
    void one_that_is_open_is_pending() throws IOException {
        writeOld();
        AtomicWrite write;
        try (FileSystem zip = FileSystems.newFileSystem(archive)) {
            write = AtomicFiles.pending(plain).orElseThrow();
            assertEquals(Status.OPEN, write.status());
            assertEquals(archive, write.destination());
            assertThrows(FileSystemException.class, write::commit);
            assertTrue(write.toString().contains("opened by thread"), write::toString);
            Files.writeString(zip.getPath("c"), "3");
            write.abort();
            assertEquals(Status.FAILED, write.status());
        }
        assertEquals(Status.DISCARDED, write.status());
        assertFalse(AtomicFiles.markFailed(archive, null));
        assertIs(OLD);
    }

    @Test
    void reading_one_changes_nothing() throws IOException {
        writeOld();
        byte[] before = Files.readAllBytes(plain);
        try (FileSystem zip = FileSystems.newFileSystem(archive)) {
            assertEquals("1", Files.readString(zip.getPath("a")));
            AtomicFiles.markFailed(archive, null);
        }
        assertArrayEquals(before, Files.readAllBytes(plain));
    }

    @Test
    void one_that_the_program_drops_is_not_pending_for_good() throws IOException {
        writeOld();
        FileSystems.newFileSystem(archive);
        awaitNothingPending();
    }

    private void changeAndDrop() throws IOException {
        FileSystem zip = FileSystems.newFileSystem(archive, CREATE);
        Files.writeString(zip.getPath("c"), "3");
    }

    @Test
    void a_change_that_the_program_drops_is_discarded_and_logged() throws IOException {
        writeOld();
        try (CapturedLogs logs = new CapturedLogs()) {
            changeAndDrop();
            Poll.until(() -> {
                System.gc();
                return !logs.records().isEmpty();
            });
            awaitNothingPending();
            LogRecord record = logs.records().get(0);
            assertEquals(Level.WARNING, record.getLevel());
            assertTrue(record.getMessage().contains("it was never closed"), record.getMessage());
        }
        assertIs(OLD);
    }

    @Test
    void a_new_one_that_the_program_drops_never_appears() throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            changeAndDrop();
            Poll.until(() -> {
                System.gc();
                return !logs.records().isEmpty();
            });
            awaitNothingPending();
        }
        assertFiles();
    }

    @Test
    void in_an_archive_in_an_archive_it_is_the_same() throws IOException {
        writeOld();
        try (FileSystem outer = FileSystems.newFileSystem(archive)) {
            Path inner = AtomicFiles.atomic(outer.getPath("/inner.zip"));
            for (String content : List.of("created", "replaced")) {
                try (FileSystem zip = FileSystems.newFileSystem(inner, CREATE)) {
                    Files.writeString(zip.getPath("entry"), content);
                }
                assertEquals(Map.of("entry", content), entries(inner));
            }
            try (CapturedLogs logs = new CapturedLogs()) {
                assertThrows(IOException.class, () -> {
                    try (FileSystem zip = FileSystems.newFileSystem(inner)) {
                        failIn(zip, new IOException("the source broke"));
                    }
                });
                assertEquals(1, logs.records().size());
            }
            assertEquals(Map.of("entry", "replaced"), entries(inner));
        }
        try (FileSystem outer = FileSystems.newFileSystem(plain);
                Stream<Path> files = Files.list(outer.getPath("/"))) {
            assertEquals(
                    List.of("/a", "/b", "/inner.zip"),
                    files.map(Path::toString).sorted().toList());
        }
        assertFiles("a.zip");
    }

    @Test
    void two_at_a_time_are_told_apart() throws IOException {
        writeOld();
        Path other = AtomicFiles.atomic(directory.resolve("b.zip"));
        try (FileSystem made = FileSystems.newFileSystem(other, CREATE);
                FileSystem zip = FileSystems.newFileSystem(archive)) {
            Files.writeString(made.getPath("x"), "4");
            Files.writeString(zip.getPath("c"), "3");
            AtomicFiles.markFailed(archive, null);
        }
        assertEquals(OLD, entries(plain));
        assertEquals(Map.of("x", "4"), entries(other));
        assertFiles("a.zip", "b.zip");
    }

    /** Interrupted, zipfs cannot read what it copies from the old archive, and leaves that out. */
    @Test
    void an_interrupted_thread_publishes_nothing() throws IOException {
        writeOld();
        try (FileSystem zip = FileSystems.newFileSystem(archive)) {
            Files.writeString(zip.getPath("c"), "3");
            Thread.currentThread().interrupt();
        } catch (ClosedByInterruptException asWithPlainPaths) {
            awaitNothingPending(); // zipfs has not closed itself to the end
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(OLD, entries(plain));
    }

    /** Everything in it is new: zipfs reads nothing of the old archive, and the new one is complete. */
    @Test
    void an_interrupted_thread_that_has_nothing_to_read_publishes() throws IOException {
        writeOld();
        try (FileSystem zip = FileSystems.newFileSystem(archive)) {
            Files.delete(zip.getPath("a"));
            Files.delete(zip.getPath("b"));
            Files.writeString(zip.getPath("c"), "3");
            Thread.currentThread().interrupt();
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertIs(Map.of("c", "3"));
    }

    @Test
    void of_two_by_the_same_path_the_one_that_is_marked_failed_is_discarded() throws IOException {
        writeOld();
        FileSystem first = FileSystems.newFileSystem(archive);
        Files.writeString(first.getPath("c"), "3");
        FileSystem second = FileSystems.newFileSystem(archive);
        Files.writeString(second.getPath("d"), "4");
        assertTrue(AtomicFiles.markFailed(archive, null)); // the one that was opened last
        first.close();
        second.close();
        assertIs(Map.of("a", "1", "b", "2", "c", "3"));
    }

    @Test
    void what_is_no_archive_is_not_pending() throws IOException {
        Files.writeString(plain, "no archive");
        assertThrows(IOException.class, () -> FileSystems.newFileSystem(archive));
        assertEquals(List.of(), AtomicFiles.pending());
        assertFalse(AtomicFiles.markFailed(archive, null));
    }

    @Test
    void one_that_was_deleted_meanwhile_is_not_pending_and_is_logged() throws IOException {
        writeOld();
        FileSystem zip = FileSystems.newFileSystem(archive);
        Files.writeString(zip.getPath("c"), "3");
        Files.delete(plain);
        try (CapturedLogs logs = new CapturedLogs()) {
            assertThrows(NoSuchFileException.class, zip::close);
            assertEquals(1, logs.records().size());
        }
        assertEquals(List.of(), AtomicFiles.pending());
        assertFiles();
    }

    /** zipfs leaves the file that it has created for the new archive. */
    @Test
    void where_the_space_is_used_up_nothing_is_left() throws IOException {
        Configuration small =
                Configuration.unix().toBuilder().setMaxSize(64 << 10).build();
        try (FileSystem memory = Jimfs.newFileSystem(small)) {
            Path plainInMemory = memory.getPath("/work/a.zip");
            Path inMemory = AtomicFiles.atomic(plainInMemory);
            for (int i = 0; i < 2; i++) { // by the same path again
                FileSystem zip = FileSystems.newFileSystem(inMemory, CREATE);
                byte[] content = new byte[100 << 10];
                new Random(0).nextBytes(content);
                Files.write(zip.getPath("a"), content);
                try (CapturedLogs logs = new CapturedLogs()) {
                    assertThrows(IOException.class, zip::close);
                    assertEquals(
                            1,
                            logs.records().stream()
                                    .filter(r -> r.getLevel() == Level.WARNING)
                                    .count());
                }
                assertEquals(List.of(), AtomicFiles.pending());
                try (Stream<Path> files = Files.list(memory.getPath("/work"))) {
                    assertEquals(List.of(), files.toList());
                }
            }
        }
    }

    private Path explicit() {
        AtomicOptions options =
                AtomicOptions.builder().commitPolicy(CommitPolicy.EXPLICIT).build();
        return AtomicFiles.wrap(plain.getFileSystem(), options).getPath(plain.toString());
    }

    @Test
    void with_explicit_commits_one_is_discarded_silently() throws IOException {
        writeOld();
        try (CapturedLogs logs = new CapturedLogs()) {
            try (FileSystem zip = FileSystems.newFileSystem(explicit(), Map.of("useTempFile", true))) {
                Files.writeString(zip.getPath("c"), "3");
            }
            assertEquals(List.of(), logs.records());
        }
        assertIs(OLD);
    }

    @Test
    void with_explicit_commits_one_is_published_after_a_commit() throws IOException {
        for (Map<String, String> expected : List.of(Map.of("c", "3"), Map.of("c", "3", "d", "4"))) { // a new one first
            try (FileSystem zip = FileSystems.newFileSystem(explicit(), Map.of("useTempFile", true, "create", true))) {
                for (Map.Entry<String, String> entry : expected.entrySet()) {
                    Files.writeString(zip.getPath(entry.getKey()), entry.getValue());
                }
                AtomicFiles.pending(archive).orElseThrow().commit();
            }
            assertIs(expected);
        }
    }

    @Test
    void a_new_one_appears_when_it_is_closed() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(archive, CREATE)) {
            assertFiles();
            assertTrue(Files.notExists(archive));
            Files.writeString(zip.getPath("c"), "3");
        }
        assertIs(Map.of("c", "3"));
    }

    @Test
    void a_new_one_without_entries_appears_too() throws IOException {
        FileSystems.newFileSystem(archive, CREATE).close();
        assertIs(Map.of());
    }

    @Test
    void a_new_one_that_fails_never_appears() throws IOException {
        IOException failure = new IOException("source broke");
        IOException thrown = assertThrows(IOException.class, () -> {
            try (FileSystem zip = FileSystems.newFileSystem(archive, CREATE)) {
                failIn(zip, failure);
            }
        });
        assertSame(failure, thrown);
        assertEquals(0, failure.getSuppressed().length);
        assertFiles();
    }

    @Test
    void a_new_one_without_entries_that_fails_never_appears() throws IOException {
        IOException failure = new IOException("source broke");
        assertSame(failure, assertThrows(IOException.class, () -> {
            try (FileSystem zip = FileSystems.newFileSystem(archive, CREATE)) {
                assertTrue(zip.isOpen());
                throw failure;
            }
        }));
        assertFiles();
    }

    @Test
    void a_new_one_never_replaces_what_came_meanwhile() throws IOException {
        FileSystem zip = FileSystems.newFileSystem(archive, CREATE);
        Files.writeString(zip.getPath("c"), "3");
        writeOld();
        try (CapturedLogs logs = new CapturedLogs()) {
            assertThrows(FileAlreadyExistsException.class, zip::close);
            assertEquals(1, logs.records().size()); // for callers who do not pass the exception on
            assertTrue(logs.records().get(0).getMessage().contains("not committed"));
        }
        assertIs(OLD);
    }

    @Test
    void a_new_one_is_refused_where_a_plain_one_is() throws IOException {
        Path missing = AtomicFiles.atomic(directory.resolve("none").resolve("a.zip"));
        assertThrows(NoSuchFileException.class, () -> FileSystems.newFileSystem(missing, CREATE));
        assertThrows(FileSystemNotFoundException.class, () -> FileSystems.getFileSystem(uri()));
    }

    private URI uri() {
        return URI.create("jar:" + archive.toUri());
    }

    @Test
    void by_its_uri_a_new_one_is_known_as_long_as_it_is_open() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(uri(), CREATE)) {
            assertFiles();
            assertSame(zip, FileSystems.getFileSystem(uri()));
            assertThrows(FileSystemAlreadyExistsException.class, () -> FileSystems.newFileSystem(uri(), CREATE));
            Files.writeString(zip.getPath("c"), "3");
        }
        assertIs(Map.of("c", "3"));
        assertThrows(FileSystemNotFoundException.class, () -> FileSystems.getFileSystem(uri()));
    }

    @Test
    void by_its_uri_one_can_be_opened_again_after_a_failure() throws IOException {
        for (Map<String, String> how : List.of(CREATE, Map.<String, String>of())) {
            IOException failure = new IOException();
            assertSame(failure, assertThrows(IOException.class, () -> {
                try (FileSystem zip = FileSystems.newFileSystem(uri(), how)) {
                    failIn(zip, failure);
                }
            }));
            try (FileSystem zip = FileSystems.newFileSystem(uri(), CREATE)) {
                Files.writeString(zip.getPath("a"), "1");
            }
            assertIs(Map.of("a", "1"));
        }
    }

    @Test
    void it_is_the_same_in_memory() throws IOException {
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
            Path inMemory = AtomicFiles.atomic(memory.getPath("/work/a.zip"));
            IOException failure = new IOException("source broke");
            assertSame(failure, assertThrows(IOException.class, () -> {
                try (FileSystem zip = FileSystems.newFileSystem(inMemory, CREATE)) {
                    failIn(zip, failure);
                }
            }));
            assertFalse(Files.exists(inMemory));
            try (FileSystem zip = FileSystems.newFileSystem(inMemory, CREATE)) {
                Files.writeString(zip.getPath("a"), "1");
            }
            assertThrows(IOException.class, () -> {
                try (FileSystem zip = FileSystems.newFileSystem(inMemory)) {
                    failIn(zip, failure);
                }
            });
            assertEquals(Map.of("a", "1"), entries(inMemory));
        }
    }
}
