package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.Poll;
import org.atomicfs.testing.TestDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything but writing goes to the delegate, and what comes back is wrapped. */
@ParameterizedClass
@EnumSource(DelegateKind.class)
class DecoratorTest {
    @Parameter
    DelegateKind delegate;

    private TestDirectory place;
    private Path plain;
    private Path atomic;
    private Path file;

    @BeforeEach
    void createPlace() throws IOException {
        place = delegate.newDirectory();
        plain = place.plain();
        atomic = place.atomic();
        file = atomic.resolve("file");
        Files.writeString(plain.resolve("file"), "content");
    }

    @AfterEach
    void removePlace() throws IOException {
        place.close();
    }

    private void assertWrapped(Path expected, Path actual) {
        assertSame(atomic.getFileSystem(), actual.getFileSystem(), actual + " is not wrapped");
        assertEquals(expected, AtomicFiles.plain(actual));
    }

    @Test
    void reading_is_the_delegates_own() throws IOException {
        try (InputStream expected = Files.newInputStream(plain.resolve("file"));
                InputStream actual = Files.newInputStream(file)) {
            assertSame(expected.getClass(), actual.getClass());
        }
        try (SeekableByteChannel expected = Files.newByteChannel(plain.resolve("file"));
                SeekableByteChannel actual = Files.newByteChannel(file, Set.of(Durability.FULL))) {
            assertSame(expected.getClass(), actual.getClass());
        }
        assertEquals("content", Files.readString(file));
    }

    @Test
    void paths_from_paths_are_wrapped() throws IOException {
        Path inner = plain.resolve("file");
        assertWrapped(inner.getRoot(), file.getRoot());
        assertWrapped(inner.getParent(), file.getParent());
        assertWrapped(inner.getFileName(), file.getFileName());
        assertWrapped(inner.getName(0), file.getName(0));
        assertWrapped(inner.subpath(0, 1), file.subpath(0, 1));
        assertWrapped(inner.resolve("x"), file.resolve("x"));
        assertWrapped(inner.resolveSibling("x"), file.resolveSibling("x"));
        assertWrapped(plain.relativize(inner), atomic.relativize(file));
        assertWrapped(inner.toRealPath(), file.toRealPath());
        assertWrapped(inner.toAbsolutePath(), file.toAbsolutePath());
        assertWrapped(inner, file.resolve(".").normalize());
        List<Path> names = new ArrayList<>();
        inner.forEach(names::add);
        int i = 0;
        for (Path name : file) {
            assertWrapped(names.get(i++), name);
        }
        assertEquals(names.size(), i);
        assertNull(file.getFileName().getParent());
        assertNull(file.getFileName().getRoot());
        assertNull(file.getRoot().getFileName());
        assertEquals(inner.toString(), file.toString());
        assertThrows(UnsupportedOperationException.class, file::toFile);
        assertThrows(ProviderMismatchException.class, () -> file.resolve(inner));
        assertThrows(ProviderMismatchException.class, () -> file.relativize(inner));
        assertThrows(ClassCastException.class, () -> file.compareTo(inner));
        assertFalse(file.startsWith(inner) || file.endsWith(inner) || file.equals(inner));
        assertTrue(file.startsWith(atomic) && file.endsWith("file"));
    }

    @Test
    void paths_from_the_file_system_are_wrapped() {
        for (Path root : atomic.getFileSystem().getRootDirectories()) {
            assertSame(atomic.getFileSystem(), root.getFileSystem());
        }
        assertWrapped(
                plain.getFileSystem().getPath("a", "b"), atomic.getFileSystem().getPath("a", "b"));
    }

    @Test
    void paths_from_directories_are_wrapped() throws IOException {
        Files.createDirectories(atomic.resolve("a").resolve("b"));
        List<Path> seen = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(atomic, entry -> {
            assertSame(atomic.getFileSystem(), entry.getFileSystem());
            return Files.isRegularFile(entry);
        })) {
            entries.forEach(seen::add);
        }
        assertEquals(List.of(file), seen);
        try (Stream<Path> walk = Files.walk(atomic)) {
            assertEquals(
                    Set.of(
                            atomic,
                            file,
                            atomic.resolve("a"),
                            atomic.resolve("a").resolve("b")),
                    Set.copyOf(walk.toList()));
        }
    }

    @Test
    void a_secure_directory_stream_is_secure_and_writes_atomically() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(atomic)) {
            assumeTrue(entries instanceof SecureDirectoryStream, () -> delegate + " has none");
            SecureDirectoryStream<Path> secure = (SecureDirectoryStream<Path>) entries;
            Path name = file.getFileName();
            try (SeekableByteChannel channel = secure.newByteChannel(
                    name, Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
                channel.write(ByteBuffer.wrap(new byte[] {'n'}));
                assertEquals("content", Files.readString(file));
            }
            assertEquals("n", Files.readString(file));
            assertThrows(NullPointerException.class, () -> secure.move(name, null, name));
            secure.move(name, secure, atomic.getFileSystem().getPath("moved"));
            assertEquals(List.of("moved"), place.names());
            secure.deleteFile(atomic.getFileSystem().getPath("moved"));
            assertEquals(List.of(), place.names());
        }
    }

    @Test
    void a_secure_directory_stream_does_not_write_where_another_directory_is_by_now() throws IOException {
        Path directory = Files.createDirectory(atomic.resolve("d"));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            assumeTrue(entries instanceof SecureDirectoryStream, () -> delegate + " has none");
            SecureDirectoryStream<Path> secure = (SecureDirectoryStream<Path>) entries;
            Files.move(directory, atomic.resolve("moved"));
            Path name = atomic.getFileSystem().getPath("new");
            Set<StandardOpenOption> create = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            assertThrows(FileSystemException.class, () -> secure.newByteChannel(name, create));
            Files.createDirectory(directory);
            FileSystemException e = assertThrows(FileSystemException.class, () -> secure.newByteChannel(name, create));
            assertTrue(e.getMessage().contains("was moved"), e.getMessage());
            try (Stream<Path> inside = Files.walk(plain)) {
                assertEquals(4, inside.count(), "the directory, the file, d and moved");
            }
        }
    }

    @Test
    void a_tree_is_deleted_by_guava() throws IOException {
        Path directory =
                Files.createDirectories(atomic.resolve("d").resolve("e")).getParent();
        Files.writeString(directory.resolve("f"), "");
        Files.writeString(directory.resolve("e").resolve("g"), "");
        MoreFiles.deleteRecursively(
                directory,
                plain.getFileSystem() == FileSystems.getDefault() || delegate == DelegateKind.JIMFS_UNIX
                        ? new RecursiveDeleteOption[0]
                        : new RecursiveDeleteOption[] {RecursiveDeleteOption.ALLOW_INSECURE});
        assertEquals(List.of("file"), place.names());
    }

    @Test
    void trees_are_walked_and_searched() throws IOException {
        Files.createDirectories(atomic.resolve("d").resolve("e"));
        Files.writeString(atomic.resolve("d").resolve("e").resolve("f.csv"), "");
        try (Stream<Path> found = Files.find(
                atomic,
                9,
                (path, attributes) -> path.getFileSystem() == atomic.getFileSystem() && attributes.isRegularFile())) {
            assertEquals(Set.of(file, atomic.resolve("d").resolve("e").resolve("f.csv")), Set.copyOf(found.toList()));
        }
        List<Path> visited = new ArrayList<>();
        Files.walkFileTree(atomic, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path visitedFile, BasicFileAttributes attributes) {
                visited.add(visitedFile);
                return FileVisitResult.CONTINUE;
            }
        });
        assertEquals(2, visited.size());
        visited.forEach(path -> assertSame(atomic.getFileSystem(), path.getFileSystem()));
    }

    @Test
    void every_attribute_of_every_view_is_the_delegates() throws IOException {
        Path inner = plain.resolve("file");
        assertEquals(
                plain.getFileSystem().supportedFileAttributeViews(),
                atomic.getFileSystem().supportedFileAttributeViews());
        for (String view : plain.getFileSystem().supportedFileAttributeViews()) {
            if (view.equals("dos") && delegate == DelegateKind.DEFAULT) {
                Files.setAttribute(file, "dos:hidden", true);
            }
            Map<String, Object> expected = Files.readAttributes(inner, view + ":*");
            Map<String, Object> actual = Files.readAttributes(file, view + ":*");
            assertEquals(expected.keySet(), actual.keySet(), view);
            expected.forEach((name, value) -> {
                if (!name.equals("lastAccessTime")) {
                    assertTrue(Objects.deepEquals(value, actual.get(name)), view + ":" + name);
                }
            });
        }
        assertThrows(UnsupportedOperationException.class, () -> Files.readAttributes(file, "nosuchview:*"));
        for (FileStore store : atomic.getFileSystem().getFileStores()) {
            assertNotNull(store.name());
        }
    }

    @Test
    void attributes_are_set_by_every_way() throws IOException {
        Path inner = plain.resolve("file");
        FileTime time = FileTime.from(Instant.parse("2020-01-02T03:04:05Z"));
        Files.setAttribute(file, "lastModifiedTime", time);
        assertEquals(time, Files.getLastModifiedTime(inner));
        if (plain.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rwxr-----");
            Files.setPosixFilePermissions(file, mode);
            assertEquals(mode, Files.getPosixFilePermissions(inner));
            Files.setOwner(file, Files.getOwner(inner));
            assertEquals(
                    mode, Files.readAttributes(file, PosixFileAttributes.class).permissions());
        }
        if (delegate == DelegateKind.DEFAULT && Files.getFileStore(inner).supportsFileAttributeView("user")) {
            var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
            view.write("name", ByteBuffer.wrap(new byte[] {1}));
            assertEquals(List.of("name"), view.list());
            assertEquals(1, ((byte[]) Files.getAttribute(inner, "user:name")).length);
        }
    }

    @Test
    void links_are_wrapped() throws IOException {
        Path link = atomic.resolve("link");
        Files.createSymbolicLink(link, file.getFileName());
        assertWrapped(plain.getFileSystem().getPath("file"), Files.readSymbolicLink(link));
        assertTrue(Files.isSameFile(link, file));
        assertFalse(Files.isSameFile(file, plain.resolve("file")));
        assertThrows(
                NullPointerException.class,
                () -> file.getFileSystem().provider().isSameFile(file, null));
    }

    @Test
    void a_matcher_matches_atomic_paths_alone() {
        PathMatcher matcher = atomic.getFileSystem().getPathMatcher("glob:*.csv");
        assertTrue(matcher.matches(atomic.getFileSystem().getPath("a.csv")));
        assertFalse(matcher.matches(atomic.getFileSystem().getPath("a.txt")));
        assertFalse(matcher.matches(plain.getFileSystem().getPath("a.csv")));
    }

    @Test
    void attributes_are_the_delegates_own() throws IOException {
        FileTime time = FileTime.from(Instant.parse("2020-01-02T03:04:05Z"));
        Files.setLastModifiedTime(file, time);
        assertEquals(time, Files.getLastModifiedTime(plain.resolve("file")));
        assertEquals(7L, Files.readAttributes(file, "size").get("size"));
        assertEquals(7, Files.readAttributes(file, BasicFileAttributes.class).size());
        assertEquals(
                time,
                Files.getFileAttributeView(file, BasicFileAttributeView.class)
                        .readAttributes()
                        .lastModifiedTime());
        assertEquals(Files.isHidden(plain.resolve("file")), Files.isHidden(file));
        assertEquals(
                Files.getFileStore(plain.resolve("file")).name(),
                Files.getFileStore(file).name());
        assertTrue(Files.isReadable(file) && Files.exists(file) && Files.isRegularFile(file));
        assertFalse(Files.exists(atomic.resolve("no")) || Files.isDirectory(atomic.resolve("no")));
    }

    @Test
    void the_methods_of_newer_jdks_are_there() throws IOException {
        AtomicFileSystemProvider provider = assertInstanceOf(
                AtomicFileSystemProvider.class, file.getFileSystem().provider());
        assertTrue(provider.exists(file));
        assertFalse(provider.exists(atomic.resolve("no"), LinkOption.NOFOLLOW_LINKS));
        assertEquals(
                7,
                provider.readAttributesIfExists(file, BasicFileAttributes.class).size());
        assertNull(provider.readAttributesIfExists(atomic.resolve("no"), BasicFileAttributes.class));
    }

    @Test
    void a_watch_key_is_always_the_same_and_its_events_are_wrapped() throws Exception {
        WatchService watcher;
        try {
            watcher = atomic.getFileSystem().newWatchService();
        } catch (UnsupportedOperationException none) {
            assumeTrue(false, delegate + " has no watch service");
            return;
        }
        try (watcher) {
            WatchKey key = atomic.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            assertSame(atomic, key.watchable());
            if (delegate == DelegateKind.DEFAULT) { // jimfs makes a new key
                assertSame(key, atomic.register(watcher, StandardWatchEventKinds.ENTRY_CREATE));
            }
            Files.createFile(plain.resolve("new"));
            WatchKey taken = watcher.poll(60, TimeUnit.SECONDS);
            assertSame(key, taken);
            WatchEvent<?> event = taken.pollEvents().get(0);
            assertEquals(atomic.getFileSystem().getPath("new"), event.context());
            assertTrue(taken.reset());
            taken.cancel();
            assertFalse(key.isValid());
            try (WatchService other = plain.getFileSystem().newWatchService()) {
                assertThrows(
                        ProviderMismatchException.class,
                        () -> atomic.register(other, StandardWatchEventKinds.ENTRY_CREATE));
            }
        }
    }

    @Test
    void a_replaced_file_keeps_its_acl_and_its_user_attributes() throws IOException {
        assumeTrue(delegate == DelegateKind.JIMFS_WINDOWS, "has no ACLs");
        Path inner = plain.resolve("file");
        AclFileAttributeView view = Files.getFileAttributeView(inner, AclFileAttributeView.class);
        List<AclEntry> acl = List.of(AclEntry.newBuilder()
                .setType(AclEntryType.DENY)
                .setPrincipal(Files.getOwner(inner))
                .setPermissions(AclEntryPermission.EXECUTE)
                .build());
        view.setAcl(acl);
        Files.setAttribute(inner, "dos:hidden", true);
        Files.setAttribute(inner, "user:origin", new byte[] {1});
        Files.writeString(file, "new");
        assertEquals(
                acl,
                Files.getFileAttributeView(inner, AclFileAttributeView.class).getAcl());
        assertEquals(true, Files.getAttribute(inner, "dos:hidden"));
        assertEquals(1, ((byte[]) Files.getAttribute(inner, "user:origin")).length);
    }

    @Test
    void a_watcher_overflows_ends_and_closes_as_the_delegates() throws Exception {
        assumeTrue(delegate == DelegateKind.DEFAULT, "polls");
        Path directory = Files.createDirectory(atomic.resolve("d"));
        WatchService watcher = atomic.getFileSystem().newWatchService();
        assertNull(watcher.poll());
        assertNull(watcher.poll(1, TimeUnit.MILLISECONDS));
        WatchKey key = directory.register(
                watcher,
                new WatchEvent.Kind<?>[] {StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE});
        for (int i = 0; i < 1000; i++) {
            Files.createFile(plain.resolve("d").resolve("f" + i)); // more than the JDK keeps for one key
        }
        Poll.until(() -> key.pollEvents().stream()
                .anyMatch(event -> event.kind() == StandardWatchEventKinds.OVERFLOW && event.context() == null));
        key.reset();
        MoreFiles.deleteRecursively(directory);
        Poll.until(() -> {
            WatchKey taken = watcher.poll();
            return taken != null && taken == key && taken.pollEvents() != null && !taken.reset();
        });
        assertFalse(key.isValid());
        watcher.close();
        watcher.close();
        assertThrows(ClosedWatchServiceException.class, watcher::poll);
        assertThrows(
                ClosedWatchServiceException.class,
                () -> atomic.register(watcher, StandardWatchEventKinds.ENTRY_CREATE));
    }

    @Test
    void directories_and_files_are_made_moved_and_deleted() throws IOException {
        Path directory = Files.createDirectory(atomic.resolve("d"));
        Files.createFile(directory.resolve("f"));
        assertThrows(FileAlreadyExistsException.class, () -> Files.createFile(directory.resolve("f")));
        Files.move(directory, atomic.resolve("e"));
        Files.delete(atomic.resolve("e").resolve("f"));
        assertTrue(Files.deleteIfExists(atomic.resolve("e")));
        assertFalse(Files.deleteIfExists(atomic.resolve("e")));
        assertThrows(NoSuchFileException.class, () -> Files.delete(atomic.resolve("e")));
        assertEquals(List.of("file"), place.names());
    }

    @Test
    void copies_and_moves_within_one_file_system() throws IOException {
        Path copy = atomic.resolve("copy");
        Files.copy(file, copy);
        assertEquals("content", Files.readString(copy));
        assertThrows(FileAlreadyExistsException.class, () -> Files.copy(file, copy));
        Files.writeString(file, "changed");
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        assertEquals("changed", Files.readString(copy));
        if (delegate != DelegateKind.MEMORY) { // where forcing a file changes its time
            assertEquals(Files.getLastModifiedTime(file), Files.getLastModifiedTime(copy));
        }
        assertThrows(FileAlreadyExistsException.class, () -> Files.move(file, copy));
        Files.writeString(file, "moved");
        Files.move(file, copy, StandardCopyOption.REPLACE_EXISTING);
        assertEquals("moved", Files.readString(copy));
        assertEquals(List.of("copy"), place.names());
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
        assertEquals(List.of("file"), place.names());
        Files.copy(file, file, StandardCopyOption.REPLACE_EXISTING);
        assertEquals("moved", Files.readString(file));
        assertThrows(NoSuchFileException.class, () -> Files.copy(atomic.resolve("no"), atomic.resolve("x")));
        assertEquals(List.of("file"), place.names());
    }

    @Test
    void copies_and_moves_between_two_file_systems() throws IOException {
        for (DelegateKind other : DelegateKind.values()) {
            try (TestDirectory there = other.newDirectory()) {
                Path target = there.atomic().resolve("target");
                Files.copy(file, target);
                Files.writeString(target, "old");
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                assertEquals("content", Files.readString(target));
                assertThrows(FileAlreadyExistsException.class, () -> Files.copy(file, target));
                Files.move(target, file, StandardCopyOption.REPLACE_EXISTING);
                assertEquals("content", Files.readString(file));
                assertEquals(List.of(), there.names());
                assertEquals(List.of("file"), place.names());
            }
        }
    }

    @Test
    void copies_and_moves_between_atomic_and_plain_paths() throws IOException {
        try (TestDirectory there = DelegateKind.DEFAULT.newDirectory()) {
            Path target = there.plain().resolve("target");
            Files.copy(file, target);
            Files.writeString(target, "back");
            Files.copy(target, file, StandardCopyOption.REPLACE_EXISTING);
            assertEquals("back", Files.readString(file));
            Files.move(target, file, StandardCopyOption.REPLACE_EXISTING);
            Files.move(file, target);
            assertEquals("back", Files.readString(target));
            assertEquals(List.of("target"), there.names());
            assertEquals(List.of(), place.names());
        }
    }

    @Test
    void a_path_of_another_provider_is_refused_with_advice() {
        ProviderMismatchException e = assertThrows(
                ProviderMismatchException.class,
                () -> atomic.getFileSystem().provider().newInputStream(plain));
        assertTrue(e.getMessage().contains("AtomicFiles.atomic"), e.getMessage());
        assertThrows(
                NullPointerException.class,
                () -> atomic.getFileSystem().provider().newOutputStream(null));
    }
}
