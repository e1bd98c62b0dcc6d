package org.atomicfs.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicWrite;
import org.atomicfs.CommitPolicy;
import org.atomicfs.Durability;
import picocli.CommandLine.Option;

/** The options about the file that is written, and the writing. Made by picocli. */
final class Output {
    private static final int BUFFER = 1 << 16; // bytes

    @Option(
            names = "--durability",
            defaultValue = "DATA",
            paramLabel = "HOW",
            description = {
                "What is forced to the device: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).",
                "NONE: nothing; DATA: the content, so that a power cut leaves the old file or the new one;"
                        + " FULL: the directory too, so that the new one survives once the program has ended."
            })
    private Durability durability;

    /** Where the content comes from. Opened only when the destination can be written. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    /** Says, after the last byte, whether what was written is to be published. */
    @FunctionalInterface
    interface Verdict {
        boolean get() throws InterruptedException;
    }

    /** Writes all of the source to a temporary, and publishes it if the verdict then is good. */
    void publish(Source source, Path destination, Verdict verdict) throws IOException, InterruptedException {
        try (OutputStream out = Files.newOutputStream(
                        AtomicFiles.atomic(destination),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE,
                        CommitPolicy.EXPLICIT,
                        durability);
                InputStream input = source.open();
                Progress progress = new Progress()) {
            byte[] buffer = new byte[BUFFER];
            for (int n; (n = input.read(buffer)) >= 0; ) {
                out.write(buffer, 0, n);
                progress.add(n);
            }
            if (verdict.get()) {
                ((AtomicWrite) out).commit();
            }
        }
    }
}
