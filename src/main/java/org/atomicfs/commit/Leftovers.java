package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Removes the temporaries that dead writers left in a directory, before the file of their transaction is removed. */
@FunctionalInterface
interface Leftovers {
    /** Returns what was removed. */
    List<Path> removeFrom(Path directory) throws IOException;
}
