package org.atomicfs.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Explains a wrong command line in a few lines: the whole help would push the message off the screen. */
final class WrongUsage implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("atomicfs: " + describe(e, command));
        err.print("Usage: " + command.getHelp().synopsis("Usage: ".length()));
        err.println("'%s --help' tells more.".formatted(command.getCommandSpec().qualifiedName()));
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String describe(ParameterException e, CommandLine command) {
        List<String> unmatched =
                e instanceof UnmatchedArgumentException known ? known.getUnmatched() : command.getUnmatchedArguments();
        if (!unmatched.isEmpty()) {
            return describe(unmatched.get(0), command);
        }
        if (e instanceof MissingParameterException known && !known.getMissing().isEmpty()) {
            return "missing: "
                    + known.getMissing().stream().map(WrongUsage::name).collect(Collectors.joining(" or "));
        }
        String message = e.getMessage().replaceFirst("^Error: ", "");
        return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static String name(ArgSpec missing) {
        String value = missing.paramLabel();
        return missing instanceof OptionSpec option ? option.shortestName() + "=" + value : value;
    }

    private static String describe(String unmatched, CommandLine command) {
        if (unmatched.startsWith("-")) {
            return "unknown option: " + unmatched;
        }
        return command.getSubcommands().isEmpty()
                ? "unexpected argument: " + unmatched
                : "no such command: %s; there are %s"
                        .formatted(
                                unmatched,
                                String.join(", ", command.getSubcommands().keySet()));
    }
}
