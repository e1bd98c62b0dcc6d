package org.atomicfs.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.atomicfs.AtomicFiles;
import org.atomicfs.AtomicOptions;
import org.atomicfs.AtomicWrite;
import org.atomicfs.CommitPolicy;
import org.atomicfs.Durability;
import org.atomicfs.FileTransaction;
import picocli.CommandLine.Option;

/** The options about the file that is written, and the writing. Made by picocli. */
final class Output {
    private static final int BUFFER = 1 << 16; // bytes
    private static final String NO_FILE = "DEST is empty: give the name of a file";
    private static final String NO_DIRECTORY = "DIR is empty: give the name of a directory";

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

    /**
     * Writes all of the source to a temporary, and publishes it if the verdict then is good.
     *
     * @param from what the source is called in messages
     */
    void publish(String from, Source source, Path destination, Verdict verdict)
            throws IOException, InterruptedException {
        requireName(destination, NO_FILE);
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
            for (int n; (n = read(input, buffer, from)) >= 0; ) {
                out.write(buffer, 0, n);
                progress.add(n);
            }
            if (verdict.get()) {
                ((AtomicWrite) out).commit();
            }
        }
    }

    /** What the JDK throws here does not say what is read. */
    private static int read(InputStream input, byte[] buffer, String from) throws IOException {
        try {
            return input.read(buffer);
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            FileSystemException named = new FileSystemException(
                    from, null, why + "; it cannot be read to its end, so nothing is published");
            named.initCause(e);
            throw named;
        }
    }

    /** An empty path is the current directory, for the JDK; on a command line it is a variable that is not set. */
    private static void requireName(Path destination, String otherwise) throws FileSystemException {
        if (destination.toString().isEmpty()) {
            throw new FileSystemException("''", null, otherwise);
        }
    }

    /** Writes files at some places. */
    @FunctionalInterface
    interface Several {
        void write(List<Path> places) throws IOException;
    }

    private AtomicOptions options() {
        return AtomicOptions.builder().durability(durability).build();
    }

    /** Publishes a directory, once it is filled. */
    void publishDirectory(Path destination, AtomicFiles.DirectoryContent content) throws IOException {
        requireName(destination, NO_DIRECTORY);
        AtomicFiles.writeDirectory(destination, content, options(), 1);
    }

    /** Has several files written elsewhere, once all destinations can be written, and publishes all of them. */
    void publishAll(List<Path> destinations, Several content) throws IOException {
        for (Path destination : destinations) {
            requireName(destination, NO_FILE);
        }
        Path first = destinations.get(0).toAbsolutePath();
        Path root = Objects.requireNonNullElse(first.getParent(), first);
        try (Scratch scratch = new Scratch();
                FileTransaction transaction = AtomicFiles.transaction(root, options())) {
            List<OutputStream> members = new ArrayList<>();
            try {
                List<Path> places = new ArrayList<>();
                for (Path destination : destinations) {
                    members.add(Files.newOutputStream(transaction.path(destination), CommitPolicy.EXPLICIT));
                    places.add(scratch.directory().resolve(members.size() + "-" + destination.getFileName()));
                }
                content.write(places);
                for (int i = 0; i < members.size(); i++) {
                    requireFile(places.get(i), destinations.get(i), "$ATOMICFS_OUTPUT_" + (i + 1));
                    Files.copy(places.get(i), members.get(i));
                    ((AtomicWrite) members.get(i)).commit();
                }
            } finally {
                for (OutputStream member : members) {
                    member.close(); // does nothing to one that is complete, and discards the others
                }
            }
            transaction.commit();
        }
    }

    private static void requireFile(Path place, Path destination, String variable) throws FileSystemException {
        if (!Files.isRegularFile(place)) {
            String reason = Files.exists(place)
                    ? "the command has not made " + variable + " a file (use --dir for a directory)"
                    : "the command has not written " + variable;
            throw new FileSystemException(destination.toString(), null, reason + ", so nothing is published");
        }
    }
}
