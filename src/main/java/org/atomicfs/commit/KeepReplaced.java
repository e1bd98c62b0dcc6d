package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Keeps the attributes of the file that is replaced.
 *
 * @param original the file that was opened with its content kept; null if it was not
 */
record KeepReplaced(Destination destination, Original<?> original, boolean keepsOwner) implements Publication.Finish {
    @Override
    public boolean apply(Path temporary, FileState born) throws IOException {
        Delegate delegate = destination.delegate();
        UserAttributes read = original == null ? null : original.userAttributes();
        boolean given = read != null && read.giveTo(temporary);
        delegate = read == null ? delegate : delegate.withoutUserAttributes();
        return given | Metadata.keepReplaced(delegate, destination.path(), temporary, born, keepsOwner);
    }

    @Override
    public void requireWanted() throws IOException {
        if (original != null) {
            original.requireStill();
        }
    }
}
