package org.atomicfs.commit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.atomicfs.AtomicFiles;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.UnprivilegedUser;
import org.atomicfs.testing.WriterKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another user's file in a directory with the sticky bit. */
class SharedDirectoryTest {
    private static final List<Set<OpenOption>> CREATING =
            List.of(Set.of(CREATE, TRUNCATE_EXISTING, WRITE), Set.of(CREATE, WRITE));

    @TempDir
    Path directory;

    private Path foreign;

    @BeforeEach
    void make() throws IOException {
        Needs.root();
        Files.setAttribute(directory, "unix:mode", 01777);
        foreign = Files.writeString(directory.resolve("foreign"), "old");
        Files.setAttribute(foreign, "unix:uid", UnprivilegedUser.UID);
        Files.setAttribute(foreign, "unix:mode", 0666);
        Files.setAttribute(directory, "unix:uid", UnprivilegedUser.UID + 1);
    }

    private static boolean hasForeign(Path file) throws IOException {
        return SharedDirectory.hasForeign(file, Delegate.of(file).attributes(file));
    }

    @Test
    void is_another_users_only_if_neither_ours_nor_the_directorys_owners() throws IOException {
        assertEquals(true, hasForeign(foreign));
        Files.setAttribute(foreign, "unix:mode", 0644);
        assertEquals(false, hasForeign(foreign), "not looked at");
        Files.setAttribute(foreign, "unix:mode", 0664);
        assertEquals(true, hasForeign(foreign));
        Files.setAttribute(directory, "unix:mode", 0777);
        assertEquals(false, hasForeign(foreign), "everybody can remove it");
        Files.setAttribute(directory, "unix:mode", 01755);
        assertEquals(false, hasForeign(foreign), "nobody else can create a file");
        Files.setAttribute(directory, "unix:mode", 01770);
        assertEquals(true, hasForeign(foreign));
        Files.setAttribute(directory, "unix:uid", UnprivilegedUser.UID);
        assertEquals(false, hasForeign(foreign));
        Files.setAttribute(directory, "unix:uid", UnprivilegedUser.UID + 1);
        Files.setAttribute(foreign, "unix:uid", 0);
        assertEquals(false, hasForeign(foreign));
    }

    @Test
    void in_the_usual_places_every_file_is_looked_at() throws IOException {
        Path place = Path.of("/var/tmp");
        assumeTrue(Files.isWritable(place) && ((int) Files.getAttribute(place, "unix:mode") & 01000) != 0);
        Path file = Files.createTempFile(place, "foreign", null);
        try {
            assertEquals(false, hasForeign(file));
            Files.setAttribute(file, "unix:uid", UnprivilegedUser.UID);
            assertEquals(true, hasForeign(file));
        } finally {
            Files.delete(file);
        }
    }

    /** Refuses as Linux does with {@code protected_regular}, whatever this machine's setting is. */
    @ParameterizedTest
    @EnumSource(WriterKind.class)
    void what_the_kernel_refuses_to_open_is_refused(WriterKind kind) throws IOException {
        Path observed = ObservedFileSystem.over(foreign, (operation, file) -> {
            boolean opens =
                    operation == ObservedFileSystem.Operation.OPEN || operation == ObservedFileSystem.Operation.CREATE;
            if (opens && file.equals(foreign)) {
                throw new AccessDeniedException(file.toString());
            }
        });
        Delegate.treatAsBuiltIn(observed.getFileSystem());
        for (Set<OpenOption> way : CREATING) {
            assertThrows(AccessDeniedException.class, () -> kind.open(AtomicFiles.atomic(observed), way));
        }
        assertEquals("old", Files.readString(foreign));
        assertEquals(List.of("foreign"), names(directory));
    }

    @ParameterizedTest
    @EnumSource(WriterKind.class)
    void the_outcome_is_that_of_a_plain_open_on_this_machine(WriterKind kind) throws IOException {
        for (Set<OpenOption> way : CREATING) {
            String plain = write(kind, foreign, way);
            assertEquals(plain, write(kind, AtomicFiles.atomic(foreign), way));
            Files.setAttribute(foreign, "unix:uid", UnprivilegedUser.UID);
        }
        Files.writeString(AtomicFiles.atomic(foreign), "without CREATE", APPEND);
    }

    private static String write(WriterKind kind, Path file, Set<OpenOption> options) throws IOException {
        try (WriterKind.Writer writer = kind.open(file, options)) {
            writer.write("new");
            return "written";
        } catch (AccessDeniedException e) {
            return e.getClass().getName();
        }
    }
}
