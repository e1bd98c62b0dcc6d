package org.atomicfs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicWrite.Status;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.TestDirectory;
import org.atomicfs.testing.WriterKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a write does, over every file system and through every way of opening a file. */
@SuppressWarnings("try") // closes early, opens without writing
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everywhere")
class WriteContractTest {
    @Parameter(0)
    DelegateKind delegate;

    @Parameter(1)
    WriterKind surface;

    private TestDirectory place;
    private Path plain;
    private Path atomic;

    static Stream<Arguments> everywhere() {
        return Stream.of(DelegateKind.values())
                .flatMap(delegate ->
                        EnumSet.allOf(WriterKind.class).stream().map(surface -> Arguments.of(delegate, surface)));
    }

    @BeforeEach
    void createPlace() {
        place = delegate.newDirectory();
        plain = place.plain().resolve("out.csv");
        atomic = AtomicFiles.atomic(plain);
        assumeTrue(opens(), () -> delegate + " has no " + surface);
    }

    /** memoryfilesystem has no file channels. */
    private boolean opens() {
        try {
            surface.open(plain.resolveSibling("probe"), Set.of(CREATE_NEW, WRITE))
                    .close();
            Files.delete(plain.resolveSibling("probe"));
            return true;
        } catch (UnsupportedOperationException none) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void removePlace() throws IOException {
        assertEquals(List.of(), AtomicFiles.pending(), "writes still open");
        place.close();
    }

    private WriterKind.Writer open(OpenOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(Set.of(options));
        if (surface == WriterKind.ASYNCHRONOUS) {
            assumeFalse(all.contains(APPEND), "asynchronous channels do not append");
        }
        return surface.open(atomic, all);
    }

    private WriterKind.Writer openFresh(OpenOption... more) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(CREATE, TRUNCATE_EXISTING, WRITE));
        Collections.addAll(options, more);
        return open(options.toArray(OpenOption[]::new));
    }

    private void old() throws IOException {
        Files.writeString(plain, "old");
    }

    private void assertHas(String content) throws IOException {
        assertEquals(content, Files.readString(plain));
        assertEquals(List.of("out.csv"), place.names());
    }

    private void assertEmptyDirectory() throws IOException {
        assertEquals(List.of(), place.names());
    }

    @Nested
    class Publishing {
        @Test
        void a_new_file_appears_on_close_and_not_before() throws IOException {
            try (WriterKind.Writer writer = openFresh()) {
                writer.write("new");
                assertFalse(Files.exists(plain));
                assertFalse(Files.exists(atomic));
                assertEquals(List.of("out.csv.tmp"), place.visibleNames());
            }
            assertHas("new");
        }

        @Test
        void an_old_file_stays_readable_until_close() throws IOException {
            old();
            try (WriterKind.Writer writer = openFresh()) {
                writer.write("new");
                assertEquals("old", Files.readString(plain));
                assertEquals("old", Files.readString(atomic));
                assertEquals(3, Files.size(atomic));
            }
            assertHas("new");
        }

        @Test
        void the_temporary_is_not_listed_but_by_plain_paths() throws IOException {
            try (WriterKind.Writer writer = openFresh()) {
                writer.write("new");
                assertEquals(List.of(), listed(place.atomic()));
                assertEquals(List.of("out.csv.tmp"), place.visibleNames());
                Path another = place.atomic()
                        .resolve("..")
                        .resolve(plain.getParent().getFileName().toString());
                assertEquals(List.of(), listed(another));
            }
            assertEquals(List.of("out.csv"), listed(place.atomic()));
        }

        private List<String> listed(Path directory) throws IOException {
            try (Stream<Path> entries = Files.list(directory)) {
                return entries.map(entry -> entry.getFileName().toString()).toList();
            }
        }

        @Test
        void a_file_opened_and_closed_without_a_write_is_empty() throws IOException {
            old();
            openFresh().close();
            assertHas("");
        }

        @Test
        void closing_twice_is_harmless() throws IOException {
            WriterKind.Writer writer = openFresh();
            writer.write("new");
            writer.close();
            Files.writeString(plain, "newer");
            writer.close();
            assertHas("newer");
        }

        @Test
        void a_unique_temporary_is_hidden_and_random() throws IOException {
            try (WriterKind.Writer first = openFresh(TemporaryName.UNIQUE);
                    WriterKind.Writer second = openFresh(TemporaryName.UNIQUE)) {
                assertEquals(2, place.names().size());
                for (String name : place.names()) {
                    assertTrue(name.matches("\\.out\\.csv\\.[0-9a-f]{24}\\.tmp"), name);
                }
                second.write("second");
                second.close();
                first.write("first");
            }
            assertHas("first");
        }

        @Test
        void every_durability_publishes() throws IOException {
            for (Durability durability : Durability.values()) {
                try (WriterKind.Writer writer = openFresh(durability)) {
                    writer.write(durability.name());
                }
                assertHas(durability.name());
            }
        }

        @Test
        void a_write_in_an_interrupted_thread_is_published_on_close() throws IOException {
            WriterKind.Writer writer = openFresh();
            writer.write("new");
            Thread.currentThread().interrupt();
            try {
                writer.close();
            } finally {
                assertTrue(Thread.interrupted(), "the interrupt is kept");
            }
            assertHas("new");
        }
    }

    @Nested
    class Opening {
        @Test
        void create_new_makes_a_new_file() throws IOException {
            try (WriterKind.Writer writer = open(CREATE_NEW, WRITE)) {
                writer.write("new");
                assertEquals(List.of("out.csv.tmp"), place.visibleNames());
            }
            assertHas("new");
        }

        @Test
        void create_new_refuses_at_open_a_file_that_is_there() throws IOException {
            old();
            assertEquals(
                    plain.toString(),
                    assertThrows(FileAlreadyExistsException.class, () -> open(CREATE_NEW, WRITE))
                            .getFile());
            assertHas("old");
        }

        @Test
        void create_new_refuses_at_close_a_file_that_came_meanwhile() throws IOException {
            WriterKind.Writer writer = open(CREATE_NEW, WRITE);
            writer.write("new");
            Files.writeString(plain, "another's");
            AtomicCommitException e = assertThrows(AtomicCommitException.class, writer::close);
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertInstanceOf(FileAlreadyExistsException.class, e.getCause());
            assertHas("another's");
        }

        @Test
        void append_adds_to_what_is_there() throws IOException {
            old();
            try (WriterKind.Writer writer = open(CREATE, APPEND)) {
                writer.write(" and");
                writer.write(" new");
                assertEquals("old", Files.readString(plain));
            }
            assertHas("old and new");
        }

        @Test
        void a_write_without_truncation_keeps_the_rest() throws IOException {
            Files.writeString(plain, "old content");
            try (WriterKind.Writer writer = open(CREATE, WRITE)) {
                writer.write("new");
                assertEquals("old content", Files.readString(plain));
            }
            assertHas("new content");
        }

        @Test
        void an_open_that_keeps_the_content_and_never_writes_touches_nothing() throws IOException {
            old();
            Object key = Files.readAttributes(plain, "*").get("fileKey");
            try (WriterKind.Writer writer = open(CREATE, WRITE)) {
                assertEquals(List.of("out.csv"), place.names());
                assertEquals(Optional.empty(), writer.handle().temporary());
            }
            assertHas("old");
            assertEquals(key, Files.readAttributes(plain, "*").get("fileKey"));
        }

        @Test
        void writing_nothing_changes_nothing() throws IOException {
            old();
            Object before = Files.readAttributes(plain, "fileKey,lastModifiedTime");
            try (WriterKind.Writer writer = open(CREATE, WRITE)) {
                writer.write("");
                if (writer.opened() instanceof java.nio.channels.SeekableByteChannel channel) {
                    channel.position(2);
                    assertSame(channel, channel.truncate(3));
                    assertEquals(2, channel.position());
                    channel.position(10);
                    channel.truncate(7);
                    assertEquals(7, channel.position());
                } else if (writer.opened() instanceof java.nio.channels.AsynchronousFileChannel channel) {
                    channel.truncate(3);
                }
                if (writer.opened() instanceof java.nio.channels.FileChannel channel) {
                    channel.write(new java.nio.ByteBuffer[] {java.nio.ByteBuffer.allocate(0)});
                    channel.force(true);
                    channel.lock().release();
                }
                assertEquals(Optional.empty(), writer.handle().temporary());
            }
            assertHas("old");
            if (delegate == DelegateKind.DEFAULT) { // in memory opening or forcing a file can change its time
                assertEquals(before, Files.readAttributes(plain, "fileKey,lastModifiedTime"));
            }
        }

        @Test
        void delete_on_close_goes_straight_through() throws IOException {
            try (WriterKind.Writer writer = openFresh(DELETE_ON_CLOSE)) {
                writer.write("scratch");
                assertEquals(Optional.empty(), writer.handle().temporary());
                assertFalse(place.names().contains("out.csv.tmp"));
            }
            assumeTrue(delegate == DelegateKind.DEFAULT, "in memory the option does nothing");
            assertEmptyDirectory();
        }

        @Test
        void a_missing_file_without_create_is_refused() throws IOException {
            assertEquals(
                    plain.toString(),
                    assertThrows(NoSuchFileException.class, () -> open(WRITE)).getFile());
            assertEmptyDirectory();
        }

        @Test
        void a_missing_directory_is_refused_in_the_name_of_the_file() {
            plain = place.plain().resolve("no").resolve("out.csv");
            atomic = AtomicFiles.atomic(plain);
            assertEquals(
                    plain.toString(),
                    assertThrows(NoSuchFileException.class, () -> openFresh()).getFile());
        }

        @Test
        void a_directory_is_refused_as_the_delegate_refuses_it() throws IOException {
            Files.createDirectory(plain);
            Exception expected =
                    assertThrows(Exception.class, () -> surface.open(plain, Set.of(CREATE, TRUNCATE_EXISTING, WRITE)));
            Exception actual = assertThrows(Exception.class, () -> openFresh());
            assertSame(expected.getClass(), actual.getClass());
            assertEquals(expected.getMessage(), actual.getMessage());
            assertTrue(Files.isDirectory(plain));
            assertEquals(List.of("out.csv"), place.names());
        }

        @Test
        void a_second_writer_of_the_same_file_is_refused() throws IOException {
            try (WriterKind.Writer first = openFresh()) {
                FileAlreadyExistsException e = assertThrows(FileAlreadyExistsException.class, () -> openFresh());
                assertEquals(plain.toString(), e.getFile());
                assertTrue(e.getReason().contains("out.csv.tmp"), e.getReason());
                first.write("first");
            }
            assertHas("first");
            openFresh().close();
            assertHas("");
        }

        @Test
        void a_strange_file_in_the_temporarys_place_is_left_alone() throws IOException {
            Path stranger = plain.resolveSibling("out.csv.tmp");
            Files.writeString(stranger, "somebody's work");
            FileAlreadyExistsException e = assertThrows(FileAlreadyExistsException.class, () -> openFresh());
            assertTrue(e.getMessage().contains(stranger.toString()), e.getMessage());
            assertTrue(e.getMessage().contains("delete it"), e.getMessage());
            assertEquals("somebody's work", Files.readString(stranger));
            try (WriterKind.Writer unique = openFresh(TemporaryName.UNIQUE)) {
                unique.write("new");
            }
            assertEquals("new", Files.readString(plain));
        }

        @Test
        void a_destination_may_end_in_tmp() throws IOException {
            plain = place.plain().resolve("out.tmp");
            atomic = AtomicFiles.atomic(plain);
            try (WriterKind.Writer writer = openFresh()) {
                writer.write("new");
                assertEquals(List.of("out.tmp.tmp"), place.visibleNames());
            }
            assertEquals("new", Files.readString(plain));
            assertEquals(List.of("out.tmp"), place.names());
        }

        @Test
        void names_are_the_same_whose_case_alone_differs_where_the_file_system_says_so() throws IOException {
            assumeTrue(delegate == DelegateKind.JIMFS_WINDOWS, "case matters");
            Path shouted = atomic.resolveSibling("OUT.CSV");
            try (WriterKind.Writer writer = openFresh()) {
                writer.write("new");
                assertThrows(
                        FileAlreadyExistsException.class,
                        () -> surface.open(shouted, Set.of(CREATE, TRUNCATE_EXISTING, WRITE)));
                assertTrue(AtomicFiles.pending(shouted).isPresent());
            }
            surface.open(shouted, Set.of(CREATE, TRUNCATE_EXISTING, WRITE)).close();
            assertEquals(1, place.names().size());
            assertEquals("", Files.readString(plain));
        }

        @Test
        void a_write_and_its_temporary_do_not_spoil_each_other() throws IOException {
            Path other = atomic.resolveSibling("out.csv.tmp");
            Set<OpenOption> fresh = Set.of(CREATE, TRUNCATE_EXISTING, WRITE);
            try (WriterKind.Writer first = openFresh()) {
                first.write("first");
                FileAlreadyExistsException e =
                        assertThrows(FileAlreadyExistsException.class, () -> surface.open(other, fresh));
                assertTrue(e.getMessage().contains("is the temporary of a write"), e.getMessage());
            }
            try (WriterKind.Writer second = surface.open(other, fresh)) {
                second.write("second");
                FileAlreadyExistsException e = assertThrows(FileAlreadyExistsException.class, () -> openFresh());
                assertTrue(e.getMessage().contains("is being written itself"), e.getMessage());
                try (WriterKind.Writer third = openFresh(TemporaryName.UNIQUE)) {
                    third.write("third");
                }
            }
            assertEquals("third", Files.readString(plain));
            assertEquals("second", Files.readString(AtomicFiles.plain(other)));
            assertEquals(List.of("out.csv", "out.csv.tmp"), place.names());
        }

        @Test
        void conflicting_options_are_refused() {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> openFresh(Durability.NONE, Durability.FULL));
            assertTrue(e.getMessage().contains("Durability"), e.getMessage());
        }

        @Test
        void a_symbolic_link_stays_a_link_and_its_target_is_replaced() throws IOException {
            Path real = Files.createDirectory(place.plain().resolve("real")).resolve("target");
            Files.writeString(real, "old");
            Files.createSymbolicLink(plain, place.plain().relativize(real));
            try (WriterKind.Writer writer = openFresh()) {
                writer.write("new");
                assertEquals(List.of("out.csv", "real"), place.names());
                assertEquals(
                        Optional.of(real.resolveSibling("target.tmp").toString()),
                        writer.handle().temporary().map(Path::toString));
            }
            assertTrue(Files.isSymbolicLink(plain));
            assertEquals("new", Files.readString(real));
        }
    }

    @Nested
    class Handle {
        @Test
        void says_where_it_is_and_how_far() throws IOException {
            WriterKind.Writer writer = openFresh();
            AtomicWrite handle = writer.handle();
            assertEquals(atomic, handle.destination());
            assertEquals(Optional.of(atomic.resolveSibling("out.csv.tmp")), handle.temporary());
            assertEquals(Status.OPEN, handle.status());
            assertEquals(0, handle.bytesWritten());
            java.time.Duration age = handle.age();
            assertFalse(age.isNegative());
            assertTrue(handle.age().compareTo(age) >= 0);
            writer.write("twelve bytes");
            assertEquals(12, handle.bytesWritten());
            writer.close();
            assertEquals(Status.COMMITTED, handle.status());
            assertEquals(Optional.empty(), handle.temporary());
            assertEquals(12, handle.bytesWritten());
        }

        @Test
        void is_found_by_the_path() throws IOException {
            assertEquals(Optional.empty(), AtomicFiles.pending(atomic));
            try (WriterKind.Writer writer = openFresh()) {
                writer.write("new");
                for (Path named : List.of(atomic, plain, plain.resolve("..").resolve("out.csv"))) {
                    AtomicWrite found = AtomicFiles.pending(named).orElseThrow();
                    assertEquals(atomic, found.destination());
                    assertEquals(3, found.bytesWritten());
                }
                assertEquals(1, AtomicFiles.pending().size());
                AtomicFiles.pending(atomic).orElseThrow().markFailed(new IOException("no more"));
                assertEquals(Status.FAILED, writer.handle().status());
            }
            assertEmptyDirectory();
        }

        @Test
        void mark_failed_makes_close_discard_silently() throws IOException {
            old();
            WriterKind.Writer writer = openFresh();
            writer.write("new");
            writer.handle().markFailed(new IOException("computed nonsense"));
            writer.write("goes on");
            assertEquals(Status.FAILED, writer.handle().status());
            writer.close();
            assertEquals(Status.DISCARDED, writer.handle().status());
            assertHas("old");
        }

        @Test
        void abort_discards_now_and_what_is_written_after_fails() throws IOException {
            old();
            WriterKind.Writer writer = openFresh();
            writer.write("new");
            writer.handle().abort();
            assertEquals(Status.DISCARDED, writer.handle().status());
            assertHas("old");
            assertThrows(IOException.class, () -> writer.write("more"));
            writer.close();
            assertHas("old");
        }

        @Test
        void commit_publishes_now_and_close_does_nothing_more() throws IOException {
            WriterKind.Writer writer = openFresh(CommitPolicy.EXPLICIT);
            writer.write("new");
            writer.handle().commit();
            assertEquals(Status.COMMITTED, writer.handle().status());
            assertHas("new");
            assertThrows(IOException.class, () -> writer.write("more"));
            writer.handle().commit();
            writer.close();
            assertHas("new");
        }

        @Test
        void an_explicit_write_without_commit_is_discarded() throws IOException {
            old();
            try (WriterKind.Writer writer = openFresh(CommitPolicy.EXPLICIT)) {
                writer.write("new");
            }
            assertHas("old");
        }

        @Test
        void commit_of_a_failed_write_throws_and_discards() throws IOException {
            old();
            WriterKind.Writer writer = openFresh();
            writer.write("new");
            IOException cause = new IOException("computed nonsense");
            writer.handle().markFailed(cause);
            AtomicCommitException e = assertThrows(
                    AtomicCommitException.class, () -> writer.handle().commit());
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertSame(cause, e.getCause());
            assertEquals(plain.toString(), e.getFile());
            assertHas("old");
            assertSame(
                    cause,
                    assertThrows(
                                    AtomicCommitException.class,
                                    () -> writer.handle().commit())
                            .getCause());
            writer.close();
        }

        @Test
        void a_write_that_threw_is_discarded_and_close_throws() throws IOException {
            old();
            assumeFalse(surface == WriterKind.ASYNCHRONOUS, "has no position");
            assumeFalse(surface == WriterKind.STREAM, "takes everything");
            WriterKind.Writer writer = openFresh();
            writer.write("new");
            var channel = (java.nio.channels.SeekableByteChannel) writer.opened();
            IllegalArgumentException first = assertThrows(IllegalArgumentException.class, () -> channel.truncate(-1));
            assertEquals(Status.FAILED, writer.handle().status());
            AtomicCommitException e = assertThrows(AtomicCommitException.class, writer::close);
            assertSame(first, e.getCause());
            assertHas("old");
        }

        @Test
        void a_temporary_that_vanished_is_not_published() throws IOException {
            assumeFalse(delegate == DelegateKind.MEMORY, "keys of files are null there");
            old();
            WriterKind.Writer writer = openFresh();
            writer.write("new");
            Path temporary = plain.resolveSibling("out.csv.tmp");
            Files.delete(temporary);
            Files.writeString(temporary, "somebody else's");
            AtomicCommitException e = assertThrows(AtomicCommitException.class, writer::close);
            assertInstanceOf(FileSystemException.class, e.getCause());
            assertEquals("old", Files.readString(plain));
            assertEquals("somebody else's", Files.readString(temporary));
        }
    }

    @Nested
    class Reading {
        @Test
        void reads_and_writes_through_one_channel() throws IOException {
            assumeFalse(surface == WriterKind.STREAM, "does not read");
            old();
            try (WriterKind.Writer writer = open(READ, WRITE)) {
                assertEquals("old", read(writer));
                writer.write("new");
                assertEquals("new", read(writer));
                assertEquals("old", Files.readString(plain));
            }
            assertHas("new");
        }

        private String read(WriterKind.Writer writer) throws IOException {
            java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocate(100);
            if (writer.opened() instanceof java.nio.channels.SeekableByteChannel channel) {
                long before = channel.position();
                channel.position(0).read(buffer);
                channel.position(before);
            } else if (writer.opened() instanceof java.nio.channels.AsynchronousFileChannel channel) {
                try {
                    assertNotNull(channel.read(buffer, 0).get());
                } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                    throw new AssertionError(e);
                }
            }
            return new String(buffer.array(), 0, buffer.position(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
