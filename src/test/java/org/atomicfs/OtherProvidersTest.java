package org.atomicfs;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.marschall.memoryfilesystem.MemoryFileSystemBuilder;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the test suites of other providers ask of a path, and found to differ. */
class OtherProvidersTest {
    @FunctionalInterface
    private interface Call {
        void on(Path path) throws Exception;
    }

    private static String outcome(Call call, Path path) {
        try {
            call.on(path);
            return "ok";
        } catch (FileSystemException e) {
            return e.getClass().getName() + " " + e.getFile();
        } catch (Exception e) {
            return e.getClass().getName();
        }
    }

    private static final Map<String, Call> CALLS = new LinkedHashMap<>();

    static {
        CALLS.put("createFile", Files::createFile);
        CALLS.put("newOutputStream", path -> Files.newOutputStream(path).close());
        CALLS.put(
                "newOutputStream CREATE_NEW",
                path -> Files.newOutputStream(path, CREATE_NEW).close());
        CALLS.put("newByteChannel", path -> Files.newByteChannel(path, WRITE).close());
        CALLS.put(
                "FileChannel.open",
                path -> FileChannel.open(path, WRITE, CREATE_NEW).close());
        CALLS.put("copy to", path -> Files.copy(source(path), path));
        CALLS.put("copy to, replacing", path -> Files.copy(source(path), path, REPLACE_EXISTING));
        CALLS.put("move to", path -> Files.move(source(path), path));
        CALLS.put("move to, replacing", path -> Files.move(source(path), path, REPLACE_EXISTING));
        CALLS.put("move to, atomically", path -> Files.move(source(path), path, ATOMIC_MOVE));
        CALLS.put("copy from", path -> Files.copy(path, path.getFileSystem().getPath("to")));
    }

    private static Path source(Path path) throws IOException {
        Path source = path.getFileSystem().getPath("source");
        Files.write(AtomicFiles.plain(source), new byte[1]);
        return source;
    }

    private static void assertLikePlain(Configuration configuration, String name) throws IOException {
        for (Map.Entry<String, Call> call : CALLS.entrySet()) {
            try (FileSystem plain = Jimfs.newFileSystem(configuration);
                    FileSystem wrapped = Jimfs.newFileSystem(configuration)) {
                assertEquals(
                        outcome(call.getValue(), plain.getPath(name)),
                        outcome(call.getValue(), AtomicFiles.atomic(wrapped.getPath(name))),
                        call.getKey() + " " + name);
            }
        }
    }

    @Test
    void a_root_is_refused_as_by_the_provider_itself() throws IOException {
        assertLikePlain(Configuration.unix(), "/");
        assertLikePlain(Configuration.windows(), "C:\\");
        assertLikePlain(Configuration.windows(), "Z:\\");
    }

    @Test
    void an_option_that_no_copy_takes_is_refused_before_the_source_is_looked_at() throws IOException {
        try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
            Path missing = AtomicFiles.atomic(jimfs.getPath("missing"));
            Path target = AtomicFiles.atomic(jimfs.getPath("target"));
            assertThrows(UnsupportedOperationException.class, () -> Files.copy(missing, target, ATOMIC_MOVE));
            Files.writeString(missing, "content");
            assertThrows(UnsupportedOperationException.class, () -> Files.copy(missing, target, ATOMIC_MOVE));
            assertFalse(Files.exists(target));
        }
    }

    @Test
    void an_owner_that_is_shown_as_a_number_and_cannot_be_set_as_one_is_set_by_name() throws IOException {
        try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix", "unix")
                .build())) {
            Path file = AtomicFiles.atomic(jimfs.getPath("file"));
            UserPrincipal bob = jimfs.getUserPrincipalLookupService().lookupPrincipalByName("bob");
            Files.writeString(file, "old");
            Files.setOwner(file, bob);
            Files.writeString(file, "new");
            assertEquals(bob, Files.getOwner(file));
            Path copy = AtomicFiles.atomic(jimfs.getPath("copy"));
            Files.copy(file, copy, COPY_ATTRIBUTES);
            assertEquals(bob, Files.getOwner(copy));
            assertEquals("new", Files.readString(copy));
        }
    }

    @Test
    void a_file_that_cannot_be_deleted_is_moved_where_it_can_be() throws IOException {
        try (FileSystem windows = MemoryFileSystemBuilder.newWindows().build("readOnly")) {
            Path file = AtomicFiles.atomic(Files.writeString(windows.getPath("file"), "content"));
            Files.getFileAttributeView(file, DosFileAttributeView.class).setReadOnly(true);
            Path target = AtomicFiles.atomic(windows.getPath("target"));
            Files.move(file, target);
            assertEquals("content", Files.readString(target));
            assertFalse(Files.exists(file));
            assertThrows(
                    java.nio.file.FileAlreadyExistsException.class,
                    () -> Files.move(Files.createFile(windows.getPath("other")), AtomicFiles.plain(target)));
            assertThrows(
                    java.nio.file.FileAlreadyExistsException.class,
                    () -> Files.move(AtomicFiles.atomic(windows.getPath("other")), target));
        }
    }

    @Test
    void options_of_opens_are_refused_before_the_file_is_looked_at() throws IOException {
        try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
            for (String name : Set.of("missing", "no/x", "/")) {
                Path path = jimfs.getPath(name);
                Call unknown = file -> Files.newByteChannel(file, WRITE, new java.nio.file.OpenOption() {})
                        .close();
                assertEquals(outcome(unknown, path), outcome(unknown, AtomicFiles.atomic(path)), name);
            }
        }
    }
}
