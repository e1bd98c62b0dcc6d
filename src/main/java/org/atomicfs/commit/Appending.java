package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** Opens a temporary to be appended to. */
final class Appending {
    private Appending() {}

    /**
     * Opens one that has just been created. A provider that does not know APPEND is asked for WRITE: what is written
     * first is the whole of the old content, and goes on at its end.
     */
    static <C extends Closeable> C open(Opener<C> opener, Path temporary, Set<OpenOption> options) throws IOException {
        try {
            return opener.open(temporary, options);
        } catch (IOException | UnsupportedOperationException refused) {
            if (!options.contains(StandardOpenOption.APPEND)
                    || !Delegate.of(temporary).rewrites()) {
                throw refused;
            }
            Set<OpenOption> writing = new HashSet<>(options);
            writing.remove(StandardOpenOption.APPEND);
            writing.add(StandardOpenOption.WRITE);
            return opener.open(temporary, writing);
        }
    }
}
