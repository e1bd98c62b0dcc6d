package org.atomicfs.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Publishes the content of a file. */
@Command(name = "copy", description = "Publishes the content of SRC as DEST.", mixinStandardHelpOptions = true)
final class CopyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SRC", description = "The file to read.")
    private Path source;

    @Parameters(index = "1", paramLabel = "DEST", description = "The file to create or replace.")
    private Path destination;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws Exception {
        output.publish(source.toString(), () -> Files.newInputStream(source), destination, () -> true);
        return 0;
    }
}
