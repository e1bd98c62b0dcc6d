package org.atomicfs;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.apache.lucene.tests.mockfile.FilterPath;
import org.apache.lucene.tests.mockfile.FilterSeekableByteChannel;
import org.atomicfs.testing.DirectoryListing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers of which nothing is known, with the oddities that providers have. */
class UnknownProvidersTest {
    /** What a move does when there is a file at the target, and ATOMIC_MOVE is asked for alone. */
    enum Move {
        REPLACES,
        REFUSES,
        KNOWS_NO_ATOMIC_MOVE
    }

    /** How a provider says that there is no file. */
    enum Missing {
        PLAINLY,
        BY_ANOTHER_EXCEPTION,
        BY_NULL,
        BY_BARE_EXCEPTION
    }

    /** What happens in a move, and how it ends. */
    enum Failure {
        NONE,
        CONNECTION_LOST,
        DONE_AND_UNCHECKED_EXCEPTION,
        DELETED_AND_UNCHECKED_EXCEPTION,
        DELETED_AND_ERROR,
        COPIED_AND_NOT_DELETED,
        NOTHING_DONE,
        MOVED_IN_PART_AND_NOT_TOLD,
        MOVED_ELSEWHERE_AND_NOT_TOLD,
        NOTHING_DONE_AND_NOT_TOLD
    }

    private static final class Odd extends FilterFileSystemProvider {
        private final Move move;
        private final Missing missing;
        private final List<Set<CopyOption>> moves = new ArrayList<>();
        private Failure failure = Failure.NONE; // of the next moves
        private boolean keys = true;
        private Path uploads; // where files are until they are closed; null if they are written in place
        private boolean exactTimes = true;
        private boolean cutsOff; // what is closed keeps its first byte
        private boolean deletes = true;
        private boolean keyOfContent; // as an ETag
        private boolean pretendsToLink;
        private boolean times = true;
        private boolean attributes = true;
        private boolean tellsAccess = true;
        private int writesAtOnce = Integer.MAX_VALUE; // bytes
        private boolean lost;

        Odd(Path plain, Move move, Missing missing) {
            super("odd", plain.getFileSystem());
            this.move = move;
            this.missing = missing;
        }

        Path path(Path plain) {
            return new FilterPath(plain, fileSystem);
        }

        @Override
        public void createLink(Path link, Path existing) {
            if (!pretendsToLink) {
                throw new UnsupportedOperationException();
            }
        }

        @Override
        public void delete(Path path) throws IOException {
            if (deletes) {
                super.delete(path);
            }
        }

        @Override
        public boolean deleteIfExists(Path path) throws IOException {
            return deletes && super.deleteIfExists(path);
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            Set<CopyOption> asked = Set.copyOf(Arrays.asList(options));
            moves.add(asked);
            if (asked.contains(ATOMIC_MOVE) && move == Move.KNOWS_NO_ATOMIC_MOVE) {
                throw new UnsupportedOperationException("ATOMIC_MOVE");
            }
            if (asked.contains(REPLACE_EXISTING)) {
                Files.deleteIfExists(toDelegate(target)); // and so not in one step
            }
            if (move != Move.REPLACES && Files.exists(toDelegate(target))) {
                throw new FileAlreadyExistsException(target.toString());
            }
            switch (failure) {
                case NOTHING_DONE_AND_NOT_TOLD:
                    return;
                case MOVED_IN_PART_AND_NOT_TOLD:
                    Files.write(toDelegate(target), new byte[1]);
                    Files.delete(toDelegate(source));
                    return;
                case MOVED_ELSEWHERE_AND_NOT_TOLD:
                    Files.move(toDelegate(source), toDelegate(target).resolveSibling("elsewhere"));
                    return;
                case NOTHING_DONE:
                    throw new IOException("not done");
                case COPIED_AND_NOT_DELETED:
                    Files.copy(toDelegate(source), toDelegate(target), REPLACE_EXISTING);
                    throw new AccessDeniedException(source.toString());
                case DELETED_AND_UNCHECKED_EXCEPTION:
                    Files.deleteIfExists(toDelegate(target));
                    throw new IllegalStateException("not done");
                case DELETED_AND_ERROR:
                    Files.deleteIfExists(toDelegate(target));
                    throw new StackOverflowError("not done");
                default:
                    Files.move(toDelegate(source), toDelegate(target), ATOMIC_MOVE);
            }
            if (failure == Failure.DONE_AND_UNCHECKED_EXCEPTION) {
                throw new IllegalStateException("done");
            }
            lost = failure == Failure.CONNECTION_LOST;
            requireConnection();
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            if (uploads != null && (options.contains(WRITE) || options.contains(APPEND))) {
                return upload(path, options);
            }
            return new FilterSeekableByteChannel(super.newByteChannel(path, options, attributes)) {
                @Override
                public void close() throws IOException {
                    if (cutsOff && isOpen() && !options.contains(READ)) {
                        try (SeekableByteChannel channel = Files.newByteChannel(toDelegate(path), WRITE)) {
                            channel.truncate(1);
                        }
                    }
                    super.close();
                }

                @Override
                public int write(ByteBuffer source) throws IOException {
                    ByteBuffer some = source.slice(source.position(), Math.min(writesAtOnce, source.remaining()));
                    int count = super.write(some);
                    source.position(source.position() + count);
                    return count;
                }
            };
        }

        /** What was written since it was opened, and nothing else, is the file when the channel is closed. */
        private SeekableByteChannel upload(Path path, Set<? extends OpenOption> options) throws IOException {
            if (options.contains(CREATE_NEW)) {
                super.newByteChannel(path, Set.of(CREATE_NEW, WRITE)).close();
            }
            Path local = Files.createTempFile(uploads, "up", "load");
            return new FilterSeekableByteChannel(Files.newByteChannel(local, WRITE)) {
                @Override
                public void close() throws IOException {
                    if (isOpen()) {
                        super.close();
                        Files.copy(local, toDelegate(path), REPLACE_EXISTING);
                        Files.delete(local);
                    }
                }
            };
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            if (!tellsAccess) {
                throw new UnsupportedOperationException();
            }
            super.checkAccess(path, modes);
        }

        private void requireConnection() throws IOException {
            if (lost) {
                throw new IOException("connection lost");
            }
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            requireConnection();
            if (type == PosixFileAttributes.class && missing == Missing.BY_NULL) {
                return null;
            }
            if (type == PosixFileAttributes.class) {
                throw new UnsupportedOperationException("listed, and refused");
            }
            try {
                A found = super.readAttributes(path, type, options);
                if (!attributes) {
                    return null;
                }
                Object key = keyOfContent ? found.size() + " " + found.lastModifiedTime() : null;
                return keys && key == null ? found : type.cast(new Changed(found, key, exactTimes, times));
            } catch (NoSuchFileException e) {
                switch (missing) {
                    case BY_NULL:
                        return null;
                    case BY_ANOTHER_EXCEPTION:
                        throw new FileNotFoundException(path.toString());
                    case BY_BARE_EXCEPTION:
                        throw new IOException(path.toString());
                    default:
                        throw e;
                }
            }
        }
    }

    /** Lets no attribute be set. */
    private static final class Immutable extends FilterFileSystemProvider {
        Immutable(Path plain) {
            super("immutable", plain.getFileSystem());
        }

        Path path(Path plain) {
            return new FilterPath(plain, fileSystem);
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
            throw new IllegalArgumentException(attribute);
        }
    }

    private record Changed(BasicFileAttributes of, Object key, boolean exactTimes, boolean times)
            implements BasicFileAttributes {
        @Override
        public FileTime lastModifiedTime() {
            FileTime time = exactTimes ? of.lastModifiedTime() : FileTime.fromMillis(0);
            return times ? time : null;
        }

        @Override
        public FileTime lastAccessTime() {
            return times ? of.lastAccessTime() : null;
        }

        @Override
        public FileTime creationTime() {
            return times ? of.creationTime() : null;
        }

        @Override
        public boolean isRegularFile() {
            return of.isRegularFile();
        }

        @Override
        public boolean isDirectory() {
            return of.isDirectory();
        }

        @Override
        public boolean isSymbolicLink() {
            return of.isSymbolicLink();
        }

        @Override
        public boolean isOther() {
            return of.isOther();
        }

        @Override
        public long size() {
            return of.size();
        }

        @Override
        public Object fileKey() {
            return key;
        }
    }

    @TempDir
    Path directory;

    private Path plain;

    @BeforeEach
    void name_a_file() {
        plain = directory.resolve("file");
    }

    private static void assertRefused(FileSystemException refused) {
        assertTrue(refused.getMessage().contains("cannot replace a file in one step"), refused.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void it_is_never_asked_to_replace_in_a_way_that_may_delete_first(Move move) throws IOException {
        Odd odd = new Odd(plain, move, Missing.PLAINLY);
        Path file = AtomicFiles.atomic(odd.path(plain));
        Files.writeString(file, "first");
        assertEquals("first", Files.readString(plain));
        try {
            Files.writeString(file, "second");
        } catch (IOException refused) {
            assertFalse(move == Move.REPLACES);
        }
        Files.writeString(directory.resolve("source"), "third");
        try {
            Files.move(file.resolveSibling("source"), file, REPLACE_EXISTING);
        } catch (IOException refused) {
            assertFalse(move == Move.REPLACES);
        }
        assertTrue(odd.moves.stream().noneMatch(asked -> asked.contains(REPLACE_EXISTING)), odd.moves::toString);
        assertEquals(move == Move.REPLACES ? "third" : "first", Files.readString(plain));
    }

    @Test
    void one_that_refuses_to_replace_is_not_asked_again() throws IOException {
        Files.writeString(plain, "old");
        Odd odd = new Odd(plain, Move.REFUSES, Missing.PLAINLY);
        Path file = AtomicFiles.atomic(odd.path(plain));
        AtomicCommitException first =
                assertThrows(AtomicCommitException.class, () -> Files.writeString(file, "new"), "at the close");
        assertEquals(AtomicCommitException.Outcome.NOT_COMMITTED, first.outcome());
        assertRefused(first);
        int asked = odd.moves.size();
        assertRefused(assertThrows(FileSystemException.class, () -> Files.newOutputStream(file)));
        assertRefused(assertThrows(FileSystemException.class, () -> Files.newOutputStream(file, APPEND)));
        assertRefused(assertThrows(FileSystemException.class, () -> Files.newByteChannel(file, WRITE)));
        assertRefused(assertThrows(
                FileSystemException.class,
                () -> Files.copy(new ByteArrayInputStream(new byte[1]), file, REPLACE_EXISTING)));
        Path source = Files.writeString(directory.resolve("source"), "new");
        assertRefused(assertThrows(
                FileSystemException.class, () -> Files.copy(AtomicFiles.atomic(source), file, REPLACE_EXISTING)));
        assertRefused(assertThrows(
                FileSystemException.class,
                () -> Files.move(file.resolveSibling("source"), file, ATOMIC_MOVE, REPLACE_EXISTING)));
        assertEquals(asked, odd.moves.size());
        assertEquals("old", Files.readString(plain));
        assertEquals(List.of("file", "source"), DirectoryListing.names(directory));
        Files.writeString(file.resolveSibling("other"), "new");
        assertEquals("new", Files.readString(directory.resolve("other")));
    }

    @Test
    void create_new_does_not_overwrite_where_a_move_does() throws IOException {
        Path file = AtomicFiles.atomic(new Odd(plain, Move.REPLACES, Missing.PLAINLY).path(plain));
        OutputStream out = Files.newOutputStream(file, CREATE_NEW);
        out.write(1);
        Files.writeString(plain, "another program's");
        assertThrows(IOException.class, out::close);
        assertEquals("another program's", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BY_BARE_EXCEPTION")
    void a_missing_file_is_known_for_one(Missing missing) throws IOException {
        Path file = AtomicFiles.atomic(new Odd(plain, Move.REPLACES, missing).path(plain));
        assertThrows(IOException.class, () -> Files.newByteChannel(file, WRITE).close());
        Files.writeString(file, "first");
        Files.writeString(file, "second");
        assertEquals("second", Files.readString(plain));
        Files.move(file, file.resolveSibling("moved"));
        Files.copy(file.resolveSibling("moved"), file);
        assertEquals(List.of("file", "moved"), DirectoryListing.names(directory));
    }

    @Test
    void what_cannot_be_seen_is_not_told() throws IOException {
        Files.writeString(plain, "old");
        Odd odd = new Odd(plain, Move.REPLACES, Missing.PLAINLY);
        odd.failure = Failure.CONNECTION_LOST;
        AtomicCommitException failed = assertThrows(
                AtomicCommitException.class, () -> Files.writeString(AtomicFiles.atomic(odd.path(plain)), "new"));
        assertEquals(AtomicCommitException.Outcome.UNKNOWN, failed.outcome());
        assertFalse(failed.getMessage().contains("unchanged"), failed.getMessage());
        assertTrue(failed.getMessage().contains("file.tmp"), failed.getMessage());
        assertEquals("new", Files.readString(plain));
    }

    private Odd failing(Failure failure, boolean keys) throws IOException {
        Files.writeString(plain, "old");
        Odd odd = new Odd(plain, Move.REPLACES, Missing.PLAINLY);
        odd.failure = failure;
        odd.keys = keys;
        return odd;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_last_copy_stays_whatever_a_move_throws_that_has_deleted_the_old_file(boolean keys) throws IOException {
        Odd odd = failing(Failure.DELETED_AND_UNCHECKED_EXCEPTION, keys);
        AtomicCommitException failed = assertThrows(
                AtomicCommitException.class, () -> Files.writeString(AtomicFiles.atomic(odd.path(plain)), "new"));
        assertEquals(AtomicCommitException.Outcome.INCOMPLETE, failed.outcome());
        assertFalse(failed.getMessage().contains("unchanged"), failed.getMessage());
        assertEquals("new", Files.readString(directory.resolve("file.tmp")));
        assertEquals(List.of("file.tmp"), DirectoryListing.names(directory));
    }

    @Test
    void the_last_copy_stays_after_an_error() throws IOException {
        Odd odd = failing(Failure.DELETED_AND_ERROR, true);
        assertThrows(StackOverflowError.class, () -> Files.writeString(AtomicFiles.atomic(odd.path(plain)), "new"));
        assertEquals("new", Files.readString(directory.resolve("file.tmp")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_was_done_is_done_although_an_unchecked_exception_is_thrown(boolean keys) throws IOException {
        Odd odd = failing(Failure.DONE_AND_UNCHECKED_EXCEPTION, keys);
        Files.writeString(AtomicFiles.atomic(odd.path(plain)), "new");
        assertEquals("new", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_move_that_does_nothing_and_does_not_tell_is_found_out(boolean keys) throws IOException {
        Odd odd = failing(Failure.NOTHING_DONE_AND_NOT_TOLD, keys);
        Path file = AtomicFiles.atomic(odd.path(plain));
        for (OpenOption[] how : new OpenOption[][] {{}, {APPEND}}) {
            AtomicCommitException failed =
                    assertThrows(AtomicCommitException.class, () -> Files.writeString(file, "new", how));
            assertEquals(AtomicCommitException.Outcome.NOT_COMMITTED, failed.outcome());
        }
        assertThrows(
                AtomicCommitException.class, () -> Files.writeString(file.resolveSibling("other"), "new", CREATE_NEW));
        assertEquals("old", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_move_that_copies_and_fails_then_does_not_leave_the_file_unchanged(boolean keys) throws IOException {
        Odd odd = failing(Failure.COPIED_AND_NOT_DELETED, keys);
        AtomicCommitException failed = assertThrows(
                AtomicCommitException.class, () -> Files.writeString(AtomicFiles.atomic(odd.path(plain)), "newer"));
        assertEquals(AtomicCommitException.Outcome.UNKNOWN, failed.outcome());
        assertFalse(failed.getMessage().contains("unchanged"), failed.getMessage());
        assertEquals("newer", Files.readString(plain));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_new_file_that_a_move_copies_and_fails_then_is_not_told_to_be_absent(boolean keys) throws IOException {
        Odd odd = failing(Failure.COPIED_AND_NOT_DELETED, keys);
        for (OpenOption[] how : new OpenOption[][] {{}, {CREATE_NEW, WRITE}}) {
            Files.delete(plain);
            AtomicCommitException failed = assertThrows(
                    AtomicCommitException.class,
                    () -> Files.writeString(AtomicFiles.atomic(odd.path(plain)), "new", how));
            assertEquals(AtomicCommitException.Outcome.UNKNOWN, failed.outcome());
            assertFalse(failed.getMessage().contains("unchanged"), failed.getMessage());
            assertEquals("new", Files.readString(plain));
            assertEquals("new", Files.readString(directory.resolve("file.tmp")));
            Files.delete(directory.resolve("file.tmp"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_move_that_copies_as_many_bytes_and_fails_then_does_not_leave_the_file_unchanged(boolean exactTimes)
            throws IOException {
        Odd odd = failing(Failure.COPIED_AND_NOT_DELETED, false);
        odd.exactTimes = exactTimes;
        AtomicCommitException failed = assertThrows(
                AtomicCommitException.class, () -> Files.writeString(AtomicFiles.atomic(odd.path(plain)), "new"));
        assertEquals(AtomicCommitException.Outcome.UNKNOWN, failed.outcome());
        assertEquals("new", Files.readString(plain));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_move_that_does_nothing_and_tells_leaves_the_file_unchanged(boolean exactTimes) throws IOException {
        Odd odd = failing(Failure.NOTHING_DONE, false);
        odd.exactTimes = exactTimes;
        AtomicCommitException failed = assertThrows(
                AtomicCommitException.class, () -> Files.writeString(AtomicFiles.atomic(odd.path(plain)), "new"));
        assertEquals(AtomicCommitException.Outcome.NOT_COMMITTED, failed.outcome());
        assertEquals("old", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @Test
    void where_closing_uploads_what_was_written_the_old_content_is_kept_and_completed(@TempDir Path local)
            throws IOException {
        Odd odd = failing(Failure.NONE, false);
        odd.uploads = local;
        Path file = AtomicFiles.atomic(odd.path(plain));
        try (OutputStream out = Files.newOutputStream(file, APPEND)) {
            out.write('+');
            ((AtomicWrite) out).abort();
        }
        assertEquals("old", Files.readString(plain));
        Files.newByteChannel(file, WRITE).close();
        assertEquals("old", Files.readString(plain));
        Files.writeString(file, "+", APPEND);
        assertEquals("old+", Files.readString(plain));
        try (SeekableByteChannel channel = Files.newByteChannel(file, WRITE)) {
            channel.position(1);
            channel.write(ByteBuffer.wrap(new byte[] {'L'}));
        }
        assertEquals("oLd+", Files.readString(plain));
        Files.writeString(file, "new");
        assertEquals("new", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void where_a_file_has_no_attributes_it_is_refused_to_be_replaced(boolean tellsAccess) throws IOException {
        Odd odd = failing(Failure.NONE, true);
        odd.attributes = false;
        odd.tellsAccess = tellsAccess;
        Path file = AtomicFiles.atomic(odd.path(plain));
        Path source = Files.writeString(directory.resolve("source"), "new");
        List<Executable> replacements = List.of(
                () -> Files.writeString(file, "new"),
                () -> Files.writeString(file, "new", APPEND),
                () -> Files.copy(new ByteArrayInputStream(new byte[1]), file, REPLACE_EXISTING),
                () -> Files.copy(source, file, REPLACE_EXISTING),
                () -> Files.copy(file.resolveSibling("source"), file, REPLACE_EXISTING),
                () -> Files.move(file.resolveSibling("source"), file, REPLACE_EXISTING));
        for (Executable replacement : replacements) {
            FileSystemException refused = assertThrows(FileSystemException.class, replacement);
            assertTrue(refused.getMessage().contains("tells nothing about it"), refused.getMessage());
            assertEquals("old", Files.readString(plain));
        }
        assertEquals(List.of("file", "source"), DirectoryListing.names(directory));
    }

    @Test
    void a_file_without_times_is_replaced_by_a_copy() throws IOException {
        Odd odd = failing(Failure.NONE, false);
        odd.times = false;
        Path file = AtomicFiles.atomic(odd.path(plain));
        Files.copy(new ByteArrayInputStream("new".getBytes()), file, REPLACE_EXISTING);
        assertEquals("new", Files.readString(plain));
        Path source = Files.writeString(directory.resolve("source"), "newer");
        Files.copy(source, file, REPLACE_EXISTING);
        assertEquals("newer", Files.readString(plain));
        Files.writeString(directory.resolve("file.tmp"), "another program's");
        FileSystemException busy = assertThrows(FileSystemException.class, () -> Files.writeString(file, "newest"));
        assertTrue(busy.getMessage().contains("file.tmp"), busy.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void create_new_creates_where_a_link_does_nothing_and_does_not_tell(boolean keys) throws IOException {
        Odd odd = failing(Failure.NONE, keys);
        odd.pretendsToLink = true;
        Files.delete(plain);
        Path file = AtomicFiles.atomic(odd.path(plain));
        Files.writeString(file, "new", CREATE_NEW, WRITE);
        assertEquals("new", Files.readString(plain));
        assertThrows(FileAlreadyExistsException.class, () -> Files.writeString(file, "newer", CREATE_NEW, WRITE));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
        Files.delete(plain);
        OutputStream out = Files.newOutputStream(file, CREATE_NEW);
        out.write(1);
        Files.writeString(plain, "another program's");
        assertThrows(IOException.class, out::close);
        assertEquals("another program's", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_left_where_a_key_changes_with_the_content(TemporaryName style) throws IOException {
        Odd odd = failing(Failure.NONE, true);
        odd.keyOfContent = true;
        Path file = AtomicFiles.atomic(odd.path(plain));
        try (OutputStream out = Files.newOutputStream(file, style)) {
            out.write(new byte[10]);
            ((AtomicWrite) out).abort();
        }
        assertEquals(List.of("file"), DirectoryListing.names(directory));
        assertThrows(IllegalStateException.class, () -> {
            try (OutputStream out = Files.newOutputStream(file, style)) {
                out.write(new byte[10]);
                throw new IllegalStateException("the source broke");
            }
        });
        assertEquals(List.of("file"), DirectoryListing.names(directory));
        Files.writeString(file, "new", style);
        Files.writeString(file, "+", APPEND, style);
        AtomicFiles.update(file, (in, out) -> {
            in.transferTo(out);
            out.write('+');
        });
        assertEquals("new++", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @Test
    void what_is_left_where_a_deletion_does_nothing_and_does_not_tell_is_named() throws IOException {
        Odd odd = failing(Failure.NONE, false);
        odd.deletes = false;
        Path file = AtomicFiles.atomic(odd.path(plain));
        OutputStream out = Files.newOutputStream(file);
        out.write(1);
        IOException left = assertThrows(IOException.class, ((AtomicWrite) out)::abort);
        assertTrue(left.getMessage().contains(directory.resolve("file.tmp").toString()), left.getMessage());
        assertEquals("old", Files.readString(plain));
        Files.delete(directory.resolve("file.tmp"));
        assertNamesWhatIsLeft(() -> Files.newByteChannel(file, WRITE));
        odd.keys = true; // there are no links: an anchor is created, and is to be removed
        assertNamesWhatIsLeft(() -> Files.newOutputStream(file));
    }

    private void assertNamesWhatIsLeft(Executable opening) throws IOException {
        FileSystemException refused = assertThrows(FileSystemException.class, opening);
        List<String> names = new ArrayList<>(DirectoryListing.names(directory));
        assertTrue(names.remove("file"));
        assertEquals(1, names.size(), names::toString);
        assertTrue(refused.getMessage().contains(names.get(0)), refused.getMessage());
        Files.delete(directory.resolve(names.get(0)));
    }

    @Test
    void what_a_provider_loses_is_noticed_by_the_size() throws IOException {
        Odd odd = failing(Failure.NONE, false);
        Path file = AtomicFiles.atomic(odd.path(plain));
        Files.writeString(directory.resolve("source"), "new");
        odd.cutsOff = true;
        List<Executable> changes = List.of(
                () -> write(file, 0, WRITE, TRUNCATE_EXISTING),
                () -> write(file, 0, APPEND),
                () -> write(file, 1, WRITE),
                () -> Files.copy(file.resolveSibling("source"), file, REPLACE_EXISTING));
        for (Executable change : changes) {
            AtomicCommitException failed = assertThrows(AtomicCommitException.class, change);
            assertTrue(failed.getMessage().contains("temporary has 1 bytes"), failed.getMessage());
            assertEquals("old", Files.readString(plain));
            assertEquals(List.of("file", "source"), DirectoryListing.names(directory));
        }
    }

    private static void write(Path file, long position, OpenOption... options) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file, options)) {
            if (position > 0) {
                channel.position(position);
            }
            channel.write(ByteBuffer.wrap("new".getBytes()));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MOVED_IN_PART_AND_NOT_TOLD", "MOVED_ELSEWHERE_AND_NOT_TOLD"})
    void what_a_move_has_lost_and_does_not_tell_is_noticed_by_the_size(Failure failure) throws IOException {
        Odd odd = failing(failure, false);
        Path file = AtomicFiles.atomic(odd.path(plain));
        AtomicCommitException failed =
                assertThrows(AtomicCommitException.class, () -> Files.writeString(file, "newer"));
        assertEquals(AtomicCommitException.Outcome.UNKNOWN, failed.outcome());
        assertTrue(failed.getMessage().contains("5 were written"), failed.getMessage());
        assertFalse(failed.getMessage().contains("unchanged"), failed.getMessage());
    }

    @Test
    void one_that_does_not_tell_who_may_write_is_written() throws IOException {
        Odd odd = failing(Failure.NONE, true);
        odd.tellsAccess = false;
        Files.writeString(AtomicFiles.atomic(odd.path(plain)), "new");
        assertEquals("new", Files.readString(plain));
    }

    @Test
    void a_transaction_that_would_replace_what_cannot_be_replaced_changes_nothing() throws IOException {
        Files.writeString(plain, "old");
        Odd odd = new Odd(plain, Move.REFUSES, Missing.PLAINLY);
        Path file = AtomicFiles.atomic(odd.path(plain));
        try (FileTransaction transaction = AtomicFiles.transaction(file.getParent())) {
            Files.writeString(transaction.path(file), "new");
            Files.writeString(transaction.path(file.resolveSibling("other")), "new");
            assertRefused(assertThrows(FileSystemException.class, transaction::commit));
        }
        assertEquals("old", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @Test
    void a_directory_that_cannot_be_prepared_leaves_nothing() throws IOException {
        Path target = AtomicFiles.atomic(new Immutable(plain).path(plain));
        assertThrows(IllegalArgumentException.class, () -> AtomicFiles.writeDirectory(target, filled -> {}));
        assertEquals(List.of(), DirectoryListing.names(directory));
    }

    @Test
    void a_file_is_replaced_although_it_cannot_be_told_that_its_temporary_is_gone() throws IOException {
        Files.writeString(plain, "old");
        Files.writeString(
                AtomicFiles.atomic(new Odd(plain, Move.REPLACES, Missing.BY_BARE_EXCEPTION).path(plain)), "new");
        assertEquals("new", Files.readString(plain));
        assertEquals(List.of("file"), DirectoryListing.names(directory));
    }

    @Test
    void a_transaction_replaces_where_channels_write_less_than_they_are_given() throws IOException {
        Odd odd = failing(Failure.NONE, true);
        odd.tellsAccess = false;
        odd.writesAtOnce = 1;
        Path file = AtomicFiles.atomic(odd.path(plain));
        try (FileTransaction transaction = AtomicFiles.transaction(file.getParent())) {
            Files.writeString(transaction.path(file), "new");
            Files.writeString(transaction.path(file.resolveSibling("other")), "new");
            transaction.commit();
        }
        assertEquals("new", Files.readString(plain));
        assertEquals("new", Files.readString(directory.resolve("other")));
        assertEquals(List.of("file", "other"), DirectoryListing.names(directory));
    }
}
