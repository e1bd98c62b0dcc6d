package org.atomicfs.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.atomicfs.testing.ChildProcess;
import org.atomicfs.testing.Needs;
import org.atomicfs.testing.UnprivilegedUser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that run out of memory, threads, descriptors or stack while they write, and go on when there is more. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ExhaustionIT {
    private static final int FEWEST_THREADS = 40; // that a JVM starts with

    @TempDir
    Path directory;

    /** Runs it, and returns how many writes failed. */
    private int run(List<String> command) throws IOException {
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals(0, result.status(), result.err());
        List<String> lines = result.out().lines().toList();
        String first = lines.get(0);
        System.out.println(getClass().getSimpleName() + ": " + first + " " + command.get(command.size() - 3));
        assertEquals(List.of(), lines.subList(1, lines.size()), result.err());
        return Integer.parseInt(first.substring("failures: ".length()));
    }

    private List<String> program(List<String> options, String what, int rounds) {
        List<String> command =
                ChildProcess.program(Exhausted.class, what, directory.toString(), String.valueOf(rounds));
        // the packaged library: a class that lies in a directory cannot be loaded while there is no descriptor
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, System.getProperty("library.jar") + File.pathSeparator + command.get(classPath));
        command.addAll(1, options);
        return command;
    }

    @Test
    void after_a_full_heap() throws IOException {
        // the directories of all jars of the class path, which service lookup opens, have to fit into it
        assertTrue(run(program(List.of("-Xmx24m"), "memory", 180)) > 0, "the heap was never full");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-Xshare:auto"})
    void after_the_end_of_the_stack(String mode) throws IOException {
        assertTrue(run(program(List.of(mode), "stack", 200)) > 0, "the stack never ended");
    }

    @Test
    void after_a_full_descriptor_table() throws IOException {
        Needs.posix();
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"));
        command.addAll(program(List.of("-XX:-MaxFDLimit"), "descriptors", 48));
        assertTrue(run(command) > 0, "there were always descriptors");
    }

    @Test
    void after_a_shortage_of_threads() throws IOException {
        Needs.root();
        Needs.command("prlimit");
        Files.setAttribute(directory, "unix:mode", 0755);
        Path files = Files.createDirectory(directory.resolve("files"));
        Path copies = Files.createDirectory(directory.resolve("copies"));
        List<String> command = UnprivilegedUser.program(copies, Exhausted.class, "threads", files.toString(), "0");
        Files.setAttribute(files, "unix:uid", UnprivilegedUser.UID);
        Path library = copies.resolve("library.jar"); // as it was packaged, where that user can read it
        Files.copy(Path.of(System.getProperty("library.jar")), library);
        Files.setAttribute(library, "unix:mode", 0644);
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, library + File.pathSeparator + command.get(classPath));
        int java = command.indexOf(ChildProcess.command().get(0));
        command.add(java + 1, "-Xlog:disable"); // the JVM warns of threads that it cannot start
        command.addAll(java, List.of("prlimit", "--nproc=" + FEWEST_THREADS));
        assertEquals(0, run(command), "writes need no thread");
    }
}
