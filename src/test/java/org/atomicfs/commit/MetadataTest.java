package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.atomicfs.testing.DelegateKind;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.TestDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link Metadata} and {@link FileState}. */
class MetadataTest {
    @ParameterizedTest
    @EnumSource
    void a_file_state_tells_kind_size_and_key(DelegateKind kind) throws IOException {
        try (TestDirectory in = kind.newDirectory()) {
            Delegate delegate = Delegate.of(in.plain());
            Path file = Files.writeString(in.plain().resolve("x"), "12345");
            FileState state = FileState.read(delegate, file);
            assertTrue(state.regular());
            assertEquals(Files.readAttributes(file, BasicFileAttributes.class).fileKey(), state.key());
            assertFalse(FileState.read(delegate, in.plain()).regular());
            assertNull(delegate.attributesIfExists(in.plain().resolve("missing")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_given_where_nothing_is_replaced(DelegateKind kind) throws IOException {
        try (TestDirectory in = kind.newDirectory()) {
            Delegate delegate = Delegate.of(in.plain());
            Path temporary = Files.createFile(in.plain().resolve("x.tmp"));
            FileState born = FileState.read(delegate, temporary);
            assertFalse(Metadata.keepReplaced(delegate, in.plain().resolve("x"), temporary, born, false));
        }
    }

    @Test
    void the_temporary_gets_the_mode_of_the_file_that_it_replaces() throws IOException {
        Needs.posix();
        try (TestDirectory in = DelegateKind.DEFAULT.newDirectory()) {
            Delegate delegate = Delegate.of(in.plain());
            Path file = Files.createFile(in.plain().resolve("x"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x-w-"));
            Path temporary = Files.createFile(in.plain().resolve("x.tmp"));
            FileState born = FileState.read(delegate, temporary);
            assertTrue(Metadata.keepReplaced(delegate, file, temporary, born, false));
            assertEquals("rwxr-x-w-", PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)));
            assertFalse(Metadata.keepReplaced(delegate, file, temporary, FileState.read(delegate, temporary), false));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_no_regular_file_any_more_is_not_replaced(DelegateKind kind) throws IOException {
        try (TestDirectory in = kind.newDirectory()) {
            Delegate delegate = Delegate.of(in.plain());
            Path nowDirectory = Files.createDirectory(in.plain().resolve("x"));
            Path temporary = Files.createFile(in.plain().resolve("x.tmp"));
            FileState born = FileState.read(delegate, temporary);
            assertThrows(
                    FileSystemException.class,
                    () -> Metadata.keepReplaced(delegate, nowDirectory, temporary, born, false));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_copy_with_attributes_has_the_time_of_its_source(DelegateKind kind) throws IOException {
        try (TestDirectory in = kind.newDirectory()) {
            Path source = Files.createFile(in.plain().resolve("source"));
            FileTime time = FileTime.fromMillis(1_000_000_000_000L);
            Files.setLastModifiedTime(source, time);
            Path copy = Files.createFile(in.plain().resolve("copy"));
            Metadata.copyAll(source, Files.readAttributes(source, BasicFileAttributes.class), copy);
            assertEquals(time, Files.getLastModifiedTime(copy));
        }
    }
}
