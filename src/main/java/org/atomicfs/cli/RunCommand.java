package org.atomicfs.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes what a command prints, if it succeeds. */
@Command(
        name = "run",
        description = {
            "Runs COMMAND and publishes its standard output as DEST, if its exit status is 0.",
            "The exit status of COMMAND is passed on; 127 if there is no such command, 126 if it cannot be" + " run."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final int NO_SUCH_COMMAND = 127; // as the shell has it, POSIX 2.8.2
    private static final int NOT_RUNNABLE = 126;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "DEST",
            description = "The file to create or replace.")
    private Path destination;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, after '--'.")
    private List<String> command;

    @Mixin
    private Output output;

    private Process process; // guarded by this
    private boolean stopped; // guarded by this

    @Override
    public Integer call() throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "atomicfs-stop-command"));
        try {
            output.publish(this::start, destination, () -> started().waitFor() == 0 && !isStopped());
            return started().waitFor();
        } catch (CannotStart e) {
            System.err.println("atomicfs: " + Errors.describe(e));
            return e.status;
        } finally {
            stop(); // still running when what it prints cannot be written
        }
    }

    /** A signal that comes meanwhile has to wait: the command that is being started must be stopped as well. */
    private synchronized InputStream start() throws IOException {
        if (stopped) {
            throw new InterruptedIOException("the command is not started any more");
        }
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new CannotStart(command.get(0), e);
        }
        return process.getInputStream();
    }

    /** A command that is stopped may exit with 0 all the same: its output is not complete. */
    private synchronized void stop() {
        stopped = true;
        if (process != null) {
            process.destroy();
        }
    }

    private synchronized Process started() {
        return process;
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private static final class CannotStart extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        private CannotStart(String command, IOException cause) {
            super(cause.getMessage(), cause);
            // the JDK tells it in no other way; 2 is ENOENT
            boolean missing = cause.getMessage().matches("(?s).*error[=:] ?2\\b.*");
            status = missing || !isFound(command) ? NO_SUCH_COMMAND : NOT_RUNNABLE;
        }

        /** For a name alone the JDK reports a folder of the PATH that cannot be entered as permission denied. */
        private static boolean isFound(String command) {
            if (new File(command).getParent() != null) {
                return true;
            }
            String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
            return Stream.of(path.split(File.pathSeparator)).anyMatch(folder -> new File(folder, command).exists());
        }
    }
}
