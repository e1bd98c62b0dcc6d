package org.atomicfs.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicFiles.Temporary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells what is being written, and what dead writers left. */
@Command(
        name = "pending",
        description = "Prints the temporaries in DIR (not below it), each with the state of its writer:"
                + " written, abandoned or unknown; and the intents of transactions that were committed and are not"
                + " completed: committed. Removes nothing.",
        mixinStandardHelpOptions = true)
final class PendingCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The directory.")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        for (Temporary found : AtomicFiles.temporaries(directory)) {
            System.out.println(found.state().name().toLowerCase(Locale.ROOT) + " " + found.path());
        }
        return 0;
    }
}
