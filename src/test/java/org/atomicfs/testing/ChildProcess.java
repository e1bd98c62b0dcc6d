package org.atomicfs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that a test starts: a JVM like the one that runs the tests, or any other program. */
public final class ChildProcess {
    private static final int DEADLINE_SECONDS = 60;

    private ChildProcess() {}

    /** How a process ended. */
    public record Result(int status, String out, String err) {}

    /** A command that runs {@code java} with arguments. */
    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Collections.addAll(command, arguments);
        return command;
    }

    /** A command that runs {@code java} for a program so short that compiling it well does not pay. */
    public static List<String> shortCommand(String... arguments) {
        List<String> command = command("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        Collections.addAll(command, arguments);
        return command;
    }

    /** A command that runs a class of the tests. */
    public static List<String> program(Class<?> program, String... arguments) {
        List<String> command = shortCommand("-cp", System.getProperty("java.class.path"), program.getName());
        Collections.addAll(command, arguments);
        return command;
    }

    /** Runs a command to its end. */
    public static Result run(List<String> command, Path input) throws IOException {
        Path out = Files.createTempFile("out", null);
        Path err = Files.createTempFile("err", null);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(input == null ? Path.of("/dev/null").toFile() : input.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            int status = await(process);
            return new Result(status, Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Waits for the end of a process, but not forever. */
    public static int await(Process process) {
        try {
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after %d s".formatted(DEADLINE_SECONDS));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
