package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;

/** Keeps the attributes of the file that is replaced. For one write, by one thread at a time. */
final class KeepReplaced implements Publication.Finish {
    private final Destination destination; // as it was when it was opened
    private final boolean keepsOwner;
    private volatile Original<?> original; // null unless the file was opened with its content kept

    KeepReplaced(Destination destination, boolean keepsOwner) {
        this.destination = destination;
        this.keepsOwner = keepsOwner;
    }

    /** Says which file was opened with its content kept. */
    void of(Original<?> opened) {
        original = opened;
    }

    @Override
    public boolean apply(Path temporary, FileState born) throws IOException {
        Destination replaced = original == null ? destination : original.destination();
        Delegate delegate = replaced.delegate();
        UserAttributes read = original == null ? null : original.userAttributes();
        boolean given = read != null && read.giveTo(temporary);
        delegate = read == null ? delegate : delegate.withoutUserAttributes();
        return given | Metadata.keepReplaced(delegate, replaced.path(), temporary, born, keepsOwner);
    }

    @Override
    public void requireWanted() throws IOException {
        if (original != null) {
            original.requireStill();
        }
    }
}
