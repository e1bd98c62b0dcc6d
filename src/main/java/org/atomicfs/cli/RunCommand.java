package org.atomicfs.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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

    private volatile Process process;
    private volatile boolean stopped;

    @Override
    public Integer call() throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "atomicfs-stop-command"));
        try {
            output.publish(this::start, destination, () -> process.waitFor() == 0 && !stopped);
            return process.waitFor();
        } catch (CannotStart e) {
            System.err.println("atomicfs: " + Errors.describe(e));
            return e.status;
        } finally {
            stop(); // still running when what it prints cannot be written
        }
    }

    private InputStream start() throws CannotStart {
        try {
            process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new CannotStart(e);
        }
        return process.getInputStream();
    }

    /** A command that is stopped may exit with 0 all the same: its output is not complete. */
    private void stop() {
        stopped = true;
        Process running = process;
        if (running != null) {
            running.destroy();
        }
    }

    private static final class CannotStart extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        private CannotStart(IOException cause) {
            super(cause.getMessage(), cause);
            // the JDK tells it in no other way; 2 is ENOENT
            status = cause.getMessage().matches("(?s).*error[=:] ?2\\b.*") ? NO_SUCH_COMMAND : NOT_RUNNABLE;
        }
    }
}
