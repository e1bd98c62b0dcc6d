package org.atomicfs.commit;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** Finds out whether a file keeps its key while its content changes, with a small file of its own. */
final class KeyTrial {
    private KeyTrial() {}

    /**
     * Tries it beside a file.
     *
     * @throws IOException if that could not be found out
     */
    static boolean keepsBeside(Path file) throws IOException {
        try (TrialFile trial = new TrialFile(file)) {
            Object first;
            try (SeekableByteChannel channel = trial.create()) {
                first = trial.key();
                TrialFile.fill(channel);
            }
            return first != null && first.equals(trial.key()) && first.equals(trial.key());
        }
    }
}
