package org.atomicfs.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs benchmarks with the arguments of JMH's own main class, and prints the ratios after them.
 *
 * <p>JMH runs all forks of one benchmark before it begins with the next one. Here each benchmark is forked once in a
 * round, and there are as many rounds as JMH was to make forks: what is compared is measured at about the same time, on
 * a machine that has other things to do as well.
 */
public final class Main {
    private static final int ROUNDS = 2;

    private Main() {}

    public static void main(String[] args) throws CommandLineOptionException, RunnerException, IOException {
        CommandLineOptions options = new CommandLineOptions(args);
        if (asksOnly(options)) {
            org.openjdk.jmh.Main.main(args);
            return;
        }
        List<Collection<RunResult>> rounds = new ArrayList<>();
        for (int left = options.getForkCount().orElse(ROUNDS); left > 0; left--) {
            rounds.add(new Runner(new OptionsBuilder().parent(options).forks(1).build()).run());
        }
        System.out.println(new Ratios(rounds).table());
    }

    private static boolean asksOnly(CommandLineOptions options) {
        return options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats();
    }
}
