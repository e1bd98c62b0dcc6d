package org.atomicfs.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes what a command prints, or writes, if it succeeds. */
@Command(
        name = "run",
        description = {
            "Runs COMMAND and publishes its standard output as DEST, if its exit status is 0.",
            "With several --output, COMMAND finds in $ATOMICFS_OUTPUT_1, $ATOMICFS_OUTPUT_2, … the files that it is to"
                    + " write, which are published as these DESTs: all of them or, in the end, none.",
            "With --dir, COMMAND finds in $ATOMICFS_DIR an empty directory that it is to fill, which is published as"
                    + " DIR at once. If DIR is a symbolic link, it leads to the new one then.",
            "A signal that ends this program has nothing published, also if COMMAND then exits with 0.",
            "The exit status of COMMAND is passed on; 127 if there is no such command, 126 if it cannot be" + " run."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final int NO_SUCH_COMMAND = 127; // as the shell has it, POSIX 2.8.2
    private static final int NOT_RUNNABLE = 126;

    /** What is published; exactly one of the two is given. */
    static final class Results {
        @Option(
                names = {"-o", "--output"},
                paramLabel = "DEST",
                description = "A file to create or replace; may be given more than once.")
        private List<Path> files;

        @Option(names = "--dir", paramLabel = "DIR", description = "A directory to create or replace.")
        private Path directory;
    }

    @ArgGroup(multiplicity = "1")
    private Results results;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, after '--'.")
    private List<String> command;

    @Mixin
    private Output output;

    private Signals signals;
    private Process process; // guarded by this
    private boolean stopped; // guarded by this

    @Override
    public Integer call() throws Exception {
        signals = new Signals();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "atomicfs-stop-command"));
        try {
            if (results.directory != null) {
                output.publishDirectory(results.directory, this::fill);
            } else if (results.files.size() == 1) {
                output.publish(
                        "the output of " + command.get(0),
                        () -> start(Map.of(), true),
                        results.files.get(0),
                        this::hasSucceeded);
            } else {
                output.publishAll(results.files, this::write);
            }
            return started().waitFor();
        } catch (Failed e) {
            return e.status;
        } catch (CannotStart e) {
            System.err.println("atomicfs: " + Errors.describe(e));
            return e.status;
        } finally {
            stop(); // still running when what it prints cannot be written
        }
    }

    /**
     * A signal that reached the command as well may have ended it with status 0, and may not have reached the shutdown
     * hook yet: that is waited for if there is, or may be, such a signal.
     */
    private boolean hasSucceeded() throws InterruptedException {
        return started().waitFor() == 0 && !isStoppedWithin(signals.longestDelay());
    }

    private void fill(Path directory) throws IOException {
        runToItsEnd(Map.of("ATOMICFS_DIR", directory.toString()));
    }

    private void write(List<Path> files) throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < files.size(); i++) {
            environment.put("ATOMICFS_OUTPUT_" + (i + 1), files.get(i).toString());
        }
        runToItsEnd(environment);
    }

    /** Runs the command, with the standard output of this program. */
    private void runToItsEnd(Map<String, String> environment) throws IOException {
        start(environment, false);
        try {
            if (!hasSucceeded()) {
                throw new Failed(started().waitFor());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the command is not waited for any more");
        }
    }

    /** A signal that comes meanwhile has to wait: the command that is being started must be stopped as well. */
    private synchronized InputStream start(Map<String, String> environment, boolean reads) throws IOException {
        if (stopped) {
            throw new InterruptedIOException("the command is not started any more");
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(reads ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new CannotStart(command.get(0), e);
        }
        return process.getInputStream();
    }

    /** A command that is stopped may exit with 0 all the same: its output is not complete. */
    private synchronized void stop() {
        stopped = true;
        notifyAll();
        if (process != null) {
            process.destroy();
        }
    }

    private synchronized Process started() {
        return process;
    }

    private synchronized boolean isStoppedWithin(Duration delay) throws InterruptedException {
        long end = System.nanoTime() + delay.toNanos();
        for (long left; !stopped && (left = end - System.nanoTime()) > 0; ) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return stopped;
    }

    /** The command failed, and has said why. */
    private static final class Failed extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        private Failed(int status) {
            super("the command failed");
            this.status = status;
        }
    }

    private static final class CannotStart extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        private CannotStart(String command, IOException cause) {
            this(command, isMissing(command, cause), cause);
        }

        private CannotStart(String command, boolean missing, IOException cause) {
            super((missing ? "no such command: " : "cannot be run: ") + command + (missing ? "" : why(cause)), cause);
            status = missing ? NO_SUCH_COMMAND : NOT_RUNNABLE;
        }

        /** The JDK tells it in no other way than by its message; 2 is ENOENT. */
        private static boolean isMissing(String command, IOException cause) {
            return cause.getMessage().matches("(?s).*error[=:] ?2\\b.*") || !isFound(command);
        }

        /** What the system says, without what the JDK says before it. */
        private static String why(IOException cause) {
            return ": "
                    + cause.getMessage()
                            .replaceFirst("(?s)^Cannot run program .*?: (Exec failed, )?error[=:] ?\\d+[,]? ?", "");
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
