package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URIs of the scheme {@code atomic}, and the file systems behind them. */
class UriTest {
    private static final String[] HARD_NAMES = {
        "plain",
        "with space",
        "100%",
        "%20",
        "a#b",
        "what?",
        "a;b",
        "a+b",
        "a&b=c",
        "[x]",
        "ä€𝄞.csv",
        "a:b",
        "~",
        "'quoted'",
        "a^b|c",
        "{}",
        "back\\slash",
        "\"",
        "<>",
        "a@b",
        "*"
    };

    private static Path path(String uri) {
        return Paths.get(URI.create(uri));
    }

    @ParameterizedTest
    @CsvSource({
        "atomic:/data/out.csv, /data/out.csv",
        "atomic:///data/out.csv, /data/out.csv",
        "atomic:file:///data/out.csv, /data/out.csv",
        "atomic:file:/data/out.csv, /data/out.csv",
        "ATOMIC:/data/out.csv, /data/out.csv",
        "atomic:FILE:///data/out.csv, /data/out.csv",
        "atomic:/, /",
        "atomic:///, /",
        "atomic:data/out.csv, data/out.csv",
        "atomic:out.csv, out.csv",
        "atomic:./a:b/c, ./a:b/c",
        "atomic:../x, ../x",
        "atomic:a/../b, a/../b",
        "atomic:with%20space, with space",
        "atomic:100%25, 100%",
        "atomic:/a%3Fb%23c, /a?b#c",
        "atomic:a%3Ab, a:b",
    })
    void means_a_path_of_the_default_file_system(String uri, String plain) {
        assertEquals(AtomicFiles.atomic(Path.of(plain)), path(uri));
        assertEquals(Path.of(plain), AtomicFiles.plain(path(uri)));
    }

    @Test
    void all_forms_of_one_path_are_equal() {
        Path one = path("atomic:/data/x");
        assertEquals(one, path("atomic:///data/x"));
        assertEquals(one, path("atomic:file:///data/x"));
        assertSame(one.getFileSystem(), path("atomic:file:///data/x").getFileSystem());
        assertEquals(URI.create("atomic:///data/x"), one.toUri());
    }

    @Test
    void hard_names_round_trip_on_the_default_file_system(@TempDir Path directory) {
        for (String name : HARD_NAMES) {
            assertRoundTrip(AtomicFiles.atomic(directory.resolve(name)));
        }
    }

    @Test
    void a_relative_path_has_the_uri_of_the_absolute_one() {
        Path relative = path("atomic:some%20dir/x");
        assertFalse(relative.isAbsolute());
        assertEquals(relative.toAbsolutePath().toUri(), relative.toUri());
        assertRoundTrip(relative.toAbsolutePath());
    }

    @Test
    void hard_names_round_trip_over_other_providers() throws IOException {
        try (FileSystem jimfs = Jimfs.newFileSystem("hard-names", Configuration.unix());
                FileSystem memory = MemoryFileSystemBuilder.newLinux().build("hard-names")) {
            for (String name : HARD_NAMES) {
                assertRoundTrip(AtomicFiles.atomic(jimfs.getPath("/work").resolve(name)));
                assertRoundTrip(AtomicFiles.atomic(memory.getPath("/").resolve(name)));
            }
        }
    }

    private static void assertRoundTrip(Path path) {
        assertEquals(path, Path.of(path.toUri()), () -> path.toUri().toString());
        assertEquals(AtomicFiles.plain(path), AtomicFiles.plain(Path.of(path.toUri())), path::toString);
        assertEquals("atomic", path.toUri().getScheme());
    }

    @Test
    void leads_to_jimfs_by_name_and_writes_there() throws IOException {
        try (FileSystem jimfs = Jimfs.newFileSystem("by-name", Configuration.unix())) {
            Files.createDirectory(jimfs.getPath("/data"));
            Path out = path("atomic:jimfs://by-name/data/out%20put.csv");
            Files.writeString(out, "new");
            assertEquals("new", Files.readString(jimfs.getPath("/data/out put.csv")));
            assertEquals(
                    "atomic:jimfs://by-name/data/out%20put.csv", out.toUri().toString());
        }
    }

    @Test
    void leads_to_memoryfilesystem_by_name_and_writes_there() throws IOException {
        try (FileSystem memory = MemoryFileSystemBuilder.newLinux().build("by-name")) {
            Files.writeString(path("atomic:memory:by-name:///out.csv"), "new");
            assertEquals("new", Files.readString(memory.getPath("/out.csv")));
        }
    }

    @Test
    void leads_into_a_zip_file_that_is_open(@TempDir Path directory) throws IOException {
        URI jar = URI.create("jar:" + directory.resolve("a.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            Files.writeString(path("atomic:" + jar + "!/out.csv"), "old");
            Files.writeString(path("atomic:" + jar + "!/out.csv"), "new");
            assertEquals("new", Files.readString(zip.getPath("/out.csv")));
        }
        try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of())) {
            assertEquals("new", Files.readString(zip.getPath("/out.csv")));
            assertFalse(Files.exists(zip.getPath("/out.csv.tmp")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "atomic://host/data/x",
                "atomic:file://host/data/x",
                "atomic:/data/x?query",
                "atomic:data/x?query",
                "atomic:/data/x#fragment",
                "atomic:data/x#fragment",
                "atomic:file:///data/x?query",
                "atomic:file:data/x",
                "atomic:atomic:/data/x",
                "atomic:Atomic:file:///data/x",
                "atomic:/nul%00",
                "atomic:file:///nul%00",
                "atomic:jar:nonsense",
            })
    void refuses_what_means_nothing_and_quotes_it(String uri) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> path(uri));
        assertTrue(e.getMessage().contains("'" + uri + "'"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"atomic:nosuchscheme://x/y", "atomic:C:/data/x", "atomic:jar:file:///no.zip!/x"})
    void an_unknown_provider_or_file_system_is_not_found(String uri) {
        FileSystemNotFoundException e = assertThrows(FileSystemNotFoundException.class, () -> path(uri));
        assertTrue(e.getMessage().contains("'" + uri + "'"), e.getMessage());
        assertFalse(e.getMessage().endsWith("null"), e.getMessage());
    }

    @Test
    void another_scheme_is_refused() {
        FileSystemProvider provider = path("atomic:/x").getFileSystem().provider();
        assertThrows(IllegalArgumentException.class, () -> provider.getPath(URI.create("file:///x")));
    }

    @Nested
    class Instances {
        @Test
        void one_provider_owns_all_paths_however_they_were_made() throws IOException {
            FileSystemProvider provider =
                    AtomicFiles.atomic(Path.of("x")).getFileSystem().provider();
            assertSame(provider, path("atomic:/x").getFileSystem().provider());
            assertSame(
                    provider,
                    FileSystems.getFileSystem(URI.create("atomic:///"))
                            .getPath("x")
                            .getFileSystem()
                            .provider());
            assertSame(
                    provider,
                    AtomicFiles.wrap(FileSystems.getDefault(), AtomicOptions.defaults())
                            .provider());
            assertSame(
                    provider,
                    new AtomicFileSystemProvider()
                            .getPath(URI.create("atomic:/x"))
                            .getFileSystem()
                            .provider());
        }

        @Test
        void atomic_and_plain_are_inverse_and_idempotent() {
            Path plain = Path.of("/data/x");
            Path atomic = AtomicFiles.atomic(plain);
            assertSame(plain, AtomicFiles.plain(atomic));
            assertSame(plain, AtomicFiles.plain(plain));
            assertSame(atomic, AtomicFiles.atomic(atomic));
            assertThrows(NullPointerException.class, () -> AtomicFiles.atomic(null));
            assertThrows(NullPointerException.class, () -> AtomicFiles.plain(null));
        }

        @Test
        void an_atomic_file_system_is_not_wrapped_again() {
            FileSystem atomic = AtomicFiles.atomic(Path.of("x")).getFileSystem();
            assertThrows(IllegalArgumentException.class, () -> AtomicFiles.wrap(atomic, AtomicOptions.defaults()));
        }

        @Test
        void the_implicit_file_system_is_found_and_cannot_be_closed_over_the_default_one() {
            FileSystem found = FileSystems.getFileSystem(URI.create("atomic:/"));
            assertSame(found, path("atomic:/data/x").getFileSystem());
            assertThrows(UnsupportedOperationException.class, found::close);
            assertTrue(found.isOpen());
        }

        @Test
        void options_of_a_new_file_system_hold_until_it_is_closed(@TempDir Path directory) throws IOException {
            URI root = URI.create("atomic:///");
            Path implicit = AtomicFiles.atomic(directory.resolve("x"));
            Path explicit;
            try (FileSystem made =
                    FileSystems.newFileSystem(root, Map.of("temporaryName", "unique", "durability", "none"))) {
                assertSame(made, FileSystems.getFileSystem(root));
                explicit = Path.of(implicit.toUri());
                assertSame(made, explicit.getFileSystem());
                assertNotEquals(implicit, explicit);
                assertThrows(FileSystemAlreadyExistsException.class, () -> FileSystems.newFileSystem(root, Map.of()));
                try (var out = Files.newOutputStream(explicit)) {
                    out.write(1);
                    String temporary = ((AtomicWrite) out)
                            .temporary()
                            .orElseThrow()
                            .getFileName()
                            .toString();
                    assertTrue(temporary.matches("\\.x\\.[0-9a-f]{24}\\.tmp"), temporary);
                }
            }
            assertThrows(ClosedFileSystemException.class, () -> Files.newOutputStream(explicit));
            assertThrows(ClosedFileSystemException.class, () -> Files.newInputStream(explicit));
            assertEquals(implicit, Path.of(implicit.toUri()));
            FileSystems.newFileSystem(root, Map.of()).close();
        }

        @Test
        void closing_aborts_open_writes_and_closes_the_wrapped_file_system() throws IOException {
            FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());
            FileSystem atomic = AtomicFiles.wrap(jimfs, AtomicOptions.defaults());
            var out = Files.newOutputStream(atomic.getPath("/work/x"));
            out.write(1);
            atomic.close();
            assertEquals(AtomicWrite.Status.DISCARDED, ((AtomicWrite) out).status());
            AtomicCommitException e = assertThrows(AtomicCommitException.class, out::close);
            assertTrue(e.getMessage().contains("file system was closed"), e.getMessage());
            out.close();
            assertFalse(jimfs.isOpen());
            assertFalse(atomic.isOpen());
            atomic.close();
        }

        @Test
        void a_file_is_not_a_file_system() {
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> new AtomicFileSystemProvider().newFileSystem(Path.of("a.zip"), Map.of()));
        }

        @Test
        void a_file_that_is_missing_is_missing() {
            assertThrows(NoSuchFileException.class, () -> Files.readString(path("atomic:/no/such/file")));
        }
    }
}
