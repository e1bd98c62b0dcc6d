package org.atomicfs.benchmark;

import java.io.IOException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs benchmarks as JMH's own main class does, with the same arguments, and prints the ratios after them. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws CommandLineOptionException, RunnerException, IOException {
        CommandLineOptions options = new CommandLineOptions(args);
        if (asksOnly(options)) {
            org.openjdk.jmh.Main.main(args);
        } else {
            System.out.println(Ratios.table(new Runner(options).run()));
        }
    }

    private static boolean asksOnly(CommandLineOptions options) {
        return options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats();
    }
}
