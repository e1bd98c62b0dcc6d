package org.atomicfs.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.atomicfs.AtomicFiles;
import org.atomicfs.Durability;
import org.atomicfs.TemporaryName;
import org.atomicfs.testing.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a small write asks of the kernel, call by call: one more is a change that has to be wanted. */
class SystemCallsTest {
    /** What the JVM does by itself, beside the write. */
    private static final Set<String> OF_THE_JVM = Set.of(
            "futex",
            "gettid",
            "mprotect",
            "madvise",
            "mmap",
            "munmap",
            "rt_sigreturn",
            "sched_yield",
            "getrusage",
            "exit");

    private static final Pattern CALL = Pattern.compile("^(\\d+) +(?:<\\.\\.\\. )?(\\w+)(?:\\(| resumed)(.*)");

    @TempDir
    Path directory;

    /**
     * Writes a file many times, so that nothing is done for the first time at the end; the last times between two
     * marks.
     */
    static final class OneWrite {
        private static final int WARM_UP = 30;
        private static final int MARKED = 5;

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            Path plain = directory.resolve("file");
            List<OpenOption> options = new ArrayList<>(
                    List.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
            if (arguments[1].equals("lean")) {
                options.add(Durability.NONE);
                options.add(TemporaryName.UNIQUE);
            }
            for (int i = 0; i < WARM_UP + MARKED; i++) {
                if (arguments[2].equals("new")) {
                    Files.deleteIfExists(plain);
                } else {
                    Files.writeString(plain, "old");
                }
                mark(directory, "begin", i >= WARM_UP);
                try (OutputStream out =
                        Files.newOutputStream(AtomicFiles.atomic(plain), options.toArray(OpenOption[]::new))) {
                    out.write(new byte[1000]);
                }
                mark(directory, "end", i >= WARM_UP);
            }
        }

        private static void mark(Path directory, String name, boolean marked) {
            Files.exists(directory.resolve(marked ? name : "warm"));
        }
    }

    /** The fewest of several writes: one that is suspended before it has the lock begins once more with the file. */
    private List<String> calls(String how, String what) throws IOException {
        Path strace = Path.of("/usr/bin/strace");
        assumeTrue(Files.isExecutable(strace), "needs strace");
        ChildProcess.Result tracing = ChildProcess.run(List.of(strace.toString(), "-o", "/dev/null", "true"), null);
        assumeTrue(tracing.status() == 0, "needs the right to trace");
        Path log = directory.resolve("calls");
        Path place = Files.createDirectory(directory.resolve("place"));
        List<String> command = new ArrayList<>(List.of(strace.toString(), "-f", "-o", log.toString()));
        command.addAll(ChildProcess.program(OneWrite.class, place.toString(), how, what));
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.err());
        List<List<String>> writes = new ArrayList<>();
        String thread = null;
        for (String line : Files.readAllLines(log)) {
            Matcher call = CALL.matcher(line);
            if (!call.find()) {
                continue;
            }
            if (call.group(3).contains("\"" + place.resolve("begin"))) {
                thread = call.group(1);
                writes.add(new ArrayList<>());
            } else if (call.group(3).contains("\"" + place.resolve("end"))) {
                thread = null;
            } else if (call.group(1).equals(thread)
                    && !line.contains(" resumed")
                    && !OF_THE_JVM.contains(call.group(2))) {
                writes.get(writes.size() - 1).add(call.group(2).replaceFirst("^newfstatat$", "fstat"));
            }
        }
        assertEquals(OneWrite.MARKED, writes.size());
        return Collections.min(writes, Comparator.comparing(List::size));
    }

    @Test
    void a_file_is_replaced_in_18_calls() throws IOException {
        assertEquals(
                List.of(
                        "statx",
                        "access",
                        "openat",
                        "fstat",
                        "fcntl",
                        "statx",
                        "link", // open
                        "pwrite64", // write
                        "statx",
                        "openat",
                        "flistxattr",
                        "close", // attributes of the old file
                        "fsync",
                        "statx",
                        "rename",
                        "unlink",
                        "fcntl",
                        "close"), // publish
                calls("default", "replace"));
    }

    @Test
    void a_file_is_created_in_14_calls() throws IOException {
        assertEquals(
                List.of(
                        "statx",
                        "openat",
                        "fstat",
                        "fcntl",
                        "statx",
                        "link", // open
                        "pwrite64", // write
                        "statx", // still no old file
                        "fsync",
                        "statx",
                        "rename",
                        "unlink",
                        "fcntl",
                        "close"), // publish
                calls("default", "new"));
    }

    @Test
    void a_file_is_replaced_in_15_calls_with_one_name_and_without_force() throws IOException {
        assertEquals(
                List.of(
                        "statx",
                        "access",
                        "openat",
                        "fstat",
                        "fcntl",
                        "statx", // open
                        "pwrite64", // write
                        "statx",
                        "openat",
                        "flistxattr",
                        "close", // attributes of the old file
                        "statx",
                        "fcntl",
                        "close",
                        "rename"), // publish
                calls("lean", "replace"));
    }

    @Test
    void a_file_is_created_in_11_calls_with_one_name_and_without_force() throws IOException {
        assertEquals(
                List.of(
                        "statx",
                        "openat",
                        "fstat",
                        "fcntl",
                        "statx", // open
                        "pwrite64", // write
                        "statx", // still no old file
                        "statx",
                        "fcntl",
                        "close",
                        "rename"), // publish
                calls("lean", "new"));
    }
}
