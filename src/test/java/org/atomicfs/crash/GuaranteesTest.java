package org.atomicfs.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.atomicfs.AtomicCommitException;
import org.atomicfs.AtomicCommitException.Outcome;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.testing.CapturedLogs;
import org.atomicfs.testing.CrashJournal;
import org.atomicfs.testing.CrashJournal.Crash;
import org.atomicfs.testing.ObservedFileSystem;
import org.atomicfs.testing.ObservedFileSystem.Operation;
import org.atomicfs.testing.Readme;
import org.junit.jupiter.api.Test;

/**
 * The README's table of what a reader finds, as the model of crashes and injected faults show it for a file that is
 * replaced. {@link CrashModelTest} looks at all other ways to write, and {@link RealFaultsTest} at real devices.
 */
class GuaranteesTest {
    private static final String OLD = "old content";
    private static final String NEW = "the new content, longer";

    /** What a device that is full, read-only, gone or failing refuses. */
    private static final Set<Operation> REFUSED =
            Set.of(Operation.CREATE, Operation.WRITE, Operation.FORCE, Operation.MOVE);

    /** How a write ended: what was done, what is in the file, what was thrown (null: nothing). */
    private record End(CrashJournal journal, String content, IOException thrown) {}

    /** Replaces the file; one of the operations that a device may refuse fails, if there are so many. */
    private static End write(Durability durability, int failing) throws IOException {
        try (FileSystem fileSystem = Jimfs.newFileSystem(Configuration.unix())) {
            Path directory = Files.createDirectory(fileSystem.getPath("/work/directory"));
            Path file = Files.writeString(directory.resolve("file"), OLD);
            int[] refusable = {0};
            CrashJournal journal = new CrashJournal(directory, (operation, path) -> {
                if (REFUSED.contains(operation) && refusable[0]++ == failing) {
                    throw new IOException("injected");
                }
            });
            Path observed = AtomicFiles.atomic(ObservedFileSystem.over(file, journal));
            IOException thrown = null;
            try (OutputStream out = Files.newOutputStream(observed, durability)) {
                out.write(NEW.substring(0, 7).getBytes(StandardCharsets.UTF_8));
                out.write(NEW.substring(7).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                thrown = e;
            }
            journal.note();
            return new End(journal, named(Files.readAllBytes(file)), thrown);
        }
    }

    private static String named(byte[] content) {
        String text = content == null ? "missing" : new String(content, StandardCharsets.UTF_8);
        return text.equals(OLD) ? "old" : text.equals(NEW) ? "new" : "torn";
    }

    /** What a crash may leave, after any step, or after the last one. */
    private static String afterCrash(Durability durability, Crash crash, boolean closed) throws IOException {
        CrashJournal journal = write(durability, -1).journal();
        Set<String> found = new HashSet<>();
        for (int done = closed ? journal.length() : 0; done <= journal.length(); done++) {
            journal.afterCrash(done, crash, state -> found.add(named(state.content("file"))));
        }
        List<String> all =
                Stream.of("old", "new", "torn").filter(found::contains).toList();
        String last = all.get(all.size() - 1);
        return all.size() == 1 ? last : String.join(", ", all.subList(0, all.size() - 1)) + " or " + last;
    }

    private static End logged(Durability durability, int failing) throws IOException {
        try (CapturedLogs logs = new CapturedLogs()) {
            End end = write(durability, failing);
            assertTrue(end.thrown() != null || logs.records().isEmpty(), "logged without a reason");
            return end;
        }
    }

    /** What is there after each fault of the device. */
    private static String afterFaults(Durability durability) throws IOException {
        Set<String> found = new LinkedHashSet<>();
        int failing = 0;
        for (End end; (end = logged(durability, failing)).thrown() != null; failing++) {
            boolean unforced = end.thrown() instanceof AtomicCommitException failure
                    && failure.outcome() == Outcome.VISIBLE_NOT_DURABLE;
            assertEquals(unforced ? "new" : "old", end.content());
            found.add(end.content()
                    + (unforced ? ", and one that says the directory is not forced" : ", and an exception"));
        }
        assertTrue(failing > 3, "not all faults were seen");
        return String.join("; or ", found);
    }

    /** Computes one cell of a row. */
    @FunctionalInterface
    private interface Cell {
        String in(Durability durability) throws IOException;
    }

    private static List<String> row(String name, Cell cell) throws IOException {
        List<String> row = new ArrayList<>(List.of(name));
        for (Durability durability : Durability.values()) {
            row.add(cell.in(durability));
        }
        return row;
    }

    @Test
    void a_reader_finds_what_the_table_says() throws IOException {
        Readme.assertTable(List.of(
                List.of("what a reader finds at the destination", "`Durability.NONE`", "`DATA` (default)", "`FULL`"),
                row("at any instant, and after `kill -9`", each -> afterCrash(each, Crash.KILL, false)),
                row("after a power cut during the write", each -> afterCrash(each, Crash.POWER_CUT, false)),
                row("after a power cut, once `close()` has returned", each -> afterCrash(each, Crash.POWER_CUT, true)),
                row("when the disk is full, read-only, gone or failing", GuaranteesTest::afterFaults)));
    }
}
