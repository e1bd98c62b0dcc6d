package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;

/** A rename that a server offers, and that its provider's own move does not use. */
interface ServerRename {
    /** Whether the server has it: it replaces in one step. */
    boolean replaces() throws IOException;

    /** Renames in one step, over whatever is there. Only on a server that {@link #replaces}. */
    void rename(Path source, Path target) throws IOException;
}
