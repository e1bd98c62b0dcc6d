package org.atomicfs.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: {@code atomicfs write}, {@code atomicfs run}, {@code atomicfs copy}. */
@Command(
        name = "atomicfs",
        description = "Writes files that take their name only when they are complete.",
        subcommands = {
            WriteCommand.class,
            RunCommand.class,
            CopyCommand.class,
            PendingCommand.class,
            RecoverCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:the file is published", "1:it is not, and a message says why", "2:the command line is wrong"
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Made by picocli. */
    public Main() {}

    /**
     * Runs the program and ends the JVM.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** Runs the program and returns its exit status. */
    static int execute(String... args) {
        CommandLine program = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false) // a file's or an argument's name may begin with @
                .setParameterExceptionHandler(new WrongUsage())
                .setExecutionExceptionHandler(Main::explain);
        program.getSubcommands().get("run").setStopAtPositional(true); // the rest is COMMAND's
        return program.execute(args);
    }

    /** One line for what can go wrong with files; a stack trace only for what must not happen. */
    private static int explain(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof IOException failure) {
            command.getErr().println("atomicfs: " + Errors.describe(failure));
            return 1;
        }
        throw e;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command: write, run, copy, pending or recover");
    }

    /** The version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"atomicfs " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
