package org.atomicfs.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.atomicfs.AtomicFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes what dead writers left. */
@Command(
        name = "recover",
        description = {
            "Removes the temporaries that killed writers left in DIR (not below it), and prints them.",
            "Transactions that were committed before their process was killed, and have members in DIR or their intent,"
                    + " are completed, in all their directories."
        },
        mixinStandardHelpOptions = true)
final class RecoverCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The directory.")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        for (Path recovered : AtomicFiles.recover(directory)) {
            boolean isIntent = recovered.toString().endsWith(".intent");
            System.out.println((isIntent ? "completed the transaction " : "removed ") + recovered);
        }
        return 0;
    }
}
