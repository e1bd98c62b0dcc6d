package org.atomicfs.commit;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Keeps the attributes of the file that is replaced.
 *
 * @param original null unless it was opened with its content kept
 * @param keepsOwner whether a file whose owner or group cannot be given is refused
 * @param tellsOfChange whether the log is to tell that the file was changed since it was opened
 */
record KeepReplaced<C extends Closeable>(
        Destination destination, Original<C> original, boolean keepsOwner, boolean tellsOfChange)
        implements Publication.Finish {
    private static final String CHANGED = ": it was changed after it was opened to be written, by another program, or"
            + " another stream of this one: what that has written is replaced";

    @Override
    public boolean apply(Path temporary, FileState born) throws IOException {
        Delegate delegate = destination.delegate();
        UserAttributes read = original == null ? null : original.userAttributes();
        boolean given = read != null && read.giveTo(temporary);
        Path file = destination.path();
        FileState replaced = Metadata.replaced(delegate, file, tellsOfChange);
        if (replaced == null) {
            return given;
        }
        if (tellsOfChange && !replaced.isStill(destination.attributes())) {
            Registry.logger().log(Level.WARNING, file + CHANGED);
        }
        try {
            return given | Metadata.keep(replaced, delegate, file, temporary, born, keepsOwner, read == null);
        } catch (NoSuchFileException e) {
            if (delegate.attributesIfExists(file) != null) {
                throw e;
            }
            return true; // another program has deleted it meanwhile, so nothing is replaced
        }
    }

    @Override
    public void requireWanted() throws IOException {
        if (original != null) {
            original.requireStill();
        }
    }
}
