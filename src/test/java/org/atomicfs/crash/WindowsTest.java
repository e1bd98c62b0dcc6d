package org.atomicfs.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.tests.mockfile.WindowsFS;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where open files are neither renamed nor removed, and a virus scanner has any file open for a moment. */
class WindowsTest {
    @TempDir
    Path directory;

    private Path plain;
    private Path windows;

    @BeforeEach
    void old() throws IOException {
        plain = Files.writeString(directory.resolve("file"), "old");
        WindowsFS provider = new WindowsFS(FileSystems.getDefault());
        windows = provider.wrapPath(plain);
    }

    private void assertOnly(String content) throws IOException {
        assertEquals(content, Files.readString(plain));
        try (Stream<Path> entries = Files.list(directory)) {
            assertEquals(List.of(plain), entries.toList());
        }
    }

    @Test
    void the_file_is_closed_before_it_is_renamed_in_every_way() throws IOException {
        Path file = AtomicFiles.atomic(windows);
        Files.writeString(file, "new", Durability.FULL);
        assertOnly("new");
        Files.writeString(file, "er", StandardOpenOption.APPEND);
        assertOnly("newer");
        Files.writeString(file, "unique", TemporaryName.UNIQUE);
        assertOnly("unique");
        Files.copy(InputStream.nullInputStream(), file, StandardCopyOption.REPLACE_EXISTING);
        assertOnly("");
        Files.delete(file);
        Files.writeString(file, "created", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        assertOnly("created");
    }

    @Test
    void what_is_discarded_is_closed_before_it_is_removed() throws IOException {
        assertThrows(IllegalStateException.class, () -> {
            try (OutputStream out = Files.newOutputStream(AtomicFiles.atomic(windows))) {
                out.write(1);
                throw new IllegalStateException();
            }
        });
        assertOnly("old");
    }

    private interface Fault {
        IOException of(Path file);
    }

    /** A file system that refuses for a while; returns what was asked of it, apart from reading. */
    private static List<Operation> refusing(int times, Fault fault, Path file) throws IOException {
        List<Operation> asked = new ArrayList<>();
        int[] left = {times};
        Path path = AtomicFiles.atomic(ObservedFileSystem.over(file, (operation, target) -> {
            asked.add(operation);
            if (operation == Operation.MOVE && left[0]-- > 0) {
                throw fault.of(target);
            }
        }));
        Files.writeString(path, "new");
        return asked;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void what_is_denied_for_a_moment_is_tried_again(int times) throws IOException {
        List<Fault> faults = List.of(
                file -> new AccessDeniedException(file.toString()),
                file -> new FileSystemException(file.toString(), null, "it is being used by another process"));
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.windows())) {
            Path file = memory.getPath("C:\\work\\file");
            for (Fault fault : faults) {
                Files.writeString(file, "old");
                List<Operation> asked = refusing(times, fault, file);
                assertEquals("new", Files.readString(file));
                assertEquals(
                        times + 1, asked.stream().filter(Operation.MOVE::equals).count());
                int moved = asked.lastIndexOf(Operation.MOVE);
                assertTrue(!asked.subList(0, moved).contains(Operation.DELETE), "deletes before it moves: " + asked);
            }
        }
    }

    @Test
    void what_is_denied_for_good_fails_and_leaves_the_old_file() throws IOException {
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.windows())) {
            Path file = Files.writeString(memory.getPath("C:\\work\\file"), "old");
            AtomicCommitException e = assertThrows(
                    AtomicCommitException.class,
                    () -> refusing(Integer.MAX_VALUE, path -> new AccessDeniedException(path.toString()), file));
            assertEquals(Outcome.NOT_COMMITTED, e.outcome());
            assertInstanceOf(AccessDeniedException.class, e.getCause());
            assertEquals("old", Files.readString(file));
            try (Stream<Path> entries = Files.list(file.getParent())) {
                assertEquals(List.of(file), entries.toList());
            }
        }
    }

    @Test
    void what_cannot_pass_is_not_tried_again() throws IOException {
        try (FileSystem memory = Jimfs.newFileSystem(Configuration.windows())) {
            Path file = Files.writeString(memory.getPath("C:\\work\\file"), "old");
            List<Path> tried = new ArrayList<>();
            assertThrows(
                    AtomicCommitException.class,
                    () -> refusing(
                            Integer.MAX_VALUE,
                            path -> {
                                tried.add(path);
                                return new IOException("the device is gone");
                            },
                            file));
            assertEquals(1, tried.size());
        }
    }
}
