package org.atomicfs.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Publishes standard input. */
@Command(
        name = "write",
        description = {
            "Publishes standard input as DEST, once it has ended.",
            "In a pipeline, input that has ended looks like that of a program that has failed: use 'run'"
                    + " where that matters."
        },
        mixinStandardHelpOptions = true)
final class WriteCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DEST", description = "The file to create or replace.")
    private Path destination;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws Exception {
        output.publish("standard input", () -> System.in, destination, () -> true);
        return 0;
    }
}
