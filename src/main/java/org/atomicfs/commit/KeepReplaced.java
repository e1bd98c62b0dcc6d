package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Keeps the attributes of the file that is replaced.
 *
 * @param original null unless it was opened with its content kept
 * @param keepsOwner whether a file whose owner or group cannot be given is refused
 */
record KeepReplaced<C extends Closeable>(Destination destination, Original<C> original, boolean keepsOwner)
        implements Publication.Finish {
    @Override
    public boolean apply(Path temporary, FileState born) throws IOException {
        Delegate delegate = destination.delegate();
        UserAttributes read = original == null ? null : original.userAttributes();
        boolean given = read != null && read.giveTo(temporary);
        return given | Metadata.keepReplaced(delegate, destination.path(), temporary, born, keepsOwner, read == null);
    }

    @Override
    public void requireWanted() throws IOException {
        if (original != null) {
            original.requireStill();
        }
    }
}
