package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whether one file system keeps the content of a file that is opened for writing without truncation, and closed with
 * nothing written. Of a provider that is not known this is tried with a small file of its own, before a file of the
 * caller is opened in that way. Safe for use by several threads.
 */
final class ContentKeeping {
    private volatile boolean rewrites;
    private volatile boolean found; // whether it is known

    ContentKeeping(KnownProviders.Known known) {
        rewrites = known.rewrites();
        found = known.isInTable();
    }

    /** Whether the content is lost, as far as that is known. */
    boolean rewrites() {
        return rewrites;
    }

    /**
     * Finds out, if it is not known, with a file beside another one. Where that cannot be found out the content counts
     * as lost, until the next time.
     *
     * @throws FileSystemException if the file of this trial could not be removed
     */
    void findOut(Path file) throws IOException {
        if (!found) {
            synchronized (this) {
                if (!found) {
                    tryBeside(file);
                }
            }
        }
    }

    private void tryBeside(Path file) throws IOException {
        try (TrialFile trial = new TrialFile(file)) {
            try {
                try (SeekableByteChannel channel = trial.create()) {
                    TrialFile.fill(channel);
                }
                rewrites = !keeps(trial, StandardOpenOption.WRITE) || !keeps(trial, StandardOpenOption.APPEND);
                found = true;
            } catch (IOException | RuntimeException unknown) {
                rewrites = true;
            }
        }
    }

    private static boolean keeps(TrialFile trial, StandardOpenOption option) throws IOException {
        try {
            trial.open(option).close();
        } catch (UnsupportedOperationException refused) {
            // so it will be when the caller asks for it
        }
        return trial.isFilled();
    }
}
