package org.atomicfs.crash;

import static org.atomicfs.testing.DirectoryListing.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicFiles.Temporary;
import org.atomicfs.AtomicFiles.Temporary.State;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a directory, and what is removed from it. */
class RecoverTest {
    @TempDir
    Path directory;

    /** Opens a file for each option given, writes, and ends without any cleaning up. */
    static final class Halts {
        public static void main(String[] arguments) throws IOException {
            Path directory = AtomicFiles.atomic(Path.of(arguments[0]));
            for (TemporaryName name : TemporaryName.values()) {
                for (Durability durability : Durability.values()) {
                    Path file = directory.resolve(name + "." + durability);
                    Files.newOutputStream(file, name, durability).write(1);
                }
            }
            Path longest = directory.resolve("x".repeat(255));
            Files.newOutputStream(longest).write(1);
            Files.newOutputStream(longest, TemporaryName.UNIQUE).write(1);
            Runtime.getRuntime().halt(0);
        }
    }

    private void halt() throws IOException {
        ChildProcess.Result result = ChildProcess.run(ChildProcess.program(Halts.class, directory.toString()), null);
        assertEquals("", result.err());
    }

    @Test
    void all_that_a_dead_process_left_is_found_and_removed() throws IOException {
        Files.writeString(directory.resolve("a.tmp"), "somebody's");
        Files.writeString(directory.resolve(".b.0123456789abcdef01234567.tmp"), "somebody's, with wrong check digits");
        List<String> before = names(directory);
        halt();
        List<Temporary> found = AtomicFiles.temporaries(AtomicFiles.atomic(directory));
        assertEquals(8, found.size());
        assertTrue(found.stream().allMatch(temporary -> temporary.state() == State.ABANDONED), found::toString);
        assertTrue(found.stream()
                .anyMatch(
                        temporary -> temporary.path().equals(AtomicFiles.atomic(directory.resolve("FIXED.FULL.tmp")))));
        assertEquals(8, AtomicFiles.recover(directory).size());
        assertEquals(before, names(directory));
        assertEquals(List.of(), AtomicFiles.recover(directory));
        assertEquals(List.of(), AtomicFiles.temporaries(directory));
    }

    @Test
    void what_is_written_here_is_found_and_not_removed() throws IOException {
        List<OutputStream> open = new ArrayList<>();
        for (OpenOption option : List.of(TemporaryName.FIXED, TemporaryName.UNIQUE)) {
            open.add(Files.newOutputStream(AtomicFiles.atomic(directory.resolve("file")), option));
        }
        halt();
        Map<State, Long> found = AtomicFiles.temporaries(directory).stream()
                .collect(Collectors.groupingBy(Temporary::state, Collectors.counting()));
        assertEquals(Map.of(State.WRITTEN, 2L, State.ABANDONED, 8L), found);
        assertEquals(8, AtomicFiles.recover(directory).size());
        for (OutputStream out : open) {
            out.write(1);
            out.close();
        }
        assertEquals(List.of("file"), names(directory));
        assertEquals(1, Files.size(directory.resolve("file")));
    }

    /** Killed between the rename and the removal of the hidden name. */
    @Test
    void a_published_file_is_not_taken_for_its_temporary_whatever_its_name() throws IOException {
        for (String name : List.of("file", "file.tmp", "file.tmp.tmp", ".tmp", "x".repeat(251) + ".tmp")) {
            Path plain = directory.resolve(name);
            boolean[] moved = {false};
            Path keepsName = ObservedFileSystem.over(plain, (operation, path) -> {
                moved[0] |= operation == Operation.MOVE;
                if (moved[0] && operation == Operation.DELETE) {
                    throw new IOException("killed");
                }
            });
            Files.writeString(AtomicFiles.atomic(keepsName), "new");
            assertEquals(2, names(directory).size());
            assertEquals(1, AtomicFiles.recover(directory).size());
            assertEquals(List.of(name), names(directory));
            assertEquals("new", Files.readString(plain));
            Files.delete(plain);
        }
    }

    @Test
    void a_name_that_a_person_gave_to_a_temporary_stays() throws IOException {
        halt();
        Path kept = directory.resolve("kept");
        Files.createLink(kept, directory.resolve("FIXED.DATA.tmp"));
        AtomicFiles.recover(directory);
        assertEquals(List.of("kept"), names(directory));
        assertEquals(1, Files.size(kept));
    }

    @Test
    void a_missing_directory_is_told() {
        Path missing = directory.resolve("missing");
        NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> AtomicFiles.recover(missing));
        assertEquals(missing.toString(), e.getFile());
        assertThrows(NoSuchFileException.class, () -> AtomicFiles.temporaries(missing));
    }
}
