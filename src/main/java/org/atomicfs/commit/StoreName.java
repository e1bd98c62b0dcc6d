package org.atomicfs.commit;

import java.nio.file.Path;
import org.atomicfs.TemporaryName;

/**
 * One writer's hold on an object within this JVM: with {@link TemporaryName#FIXED} two writers of one object exclude
 * each other. Other processes are not excluded, since a store has no locks. Used by one thread at a time.
 */
final class StoreName {
    private final Path object;
    private final TemporaryName style;
    private Path reserved; // null if it is not
    private String lastName;

    StoreName(Path object, TemporaryName style) {
        this.object = object;
        this.style = style;
    }

    /**
     * Takes it, by the name of an anchor: no object has such a name.
     *
     * @throws BusyException if another writer of this JVM has it
     */
    void take() throws BusyException {
        if (style == TemporaryName.UNIQUE) {
            return;
        }
        Path anchor = TemporaryNames.anchor(object).toAbsolutePath();
        lastName = anchor.getFileName().toString();
        if (Registry.reserve(anchor, lastName)) {
            reserved = anchor;
            return;
        }
        for (PendingWrite write : Registry.list(object)) {
            if (write.temporary().isPresent()) {
                BusyException busy = new BusyException(
                        object.toString(),
                        Messages.busy(write, write.temporary().get()));
                busy.initCause(write.trace());
                throw busy;
            }
        }
        throw new BusyException(object.toString(), Messages.busy(Messages.THIS_JVM, anchor));
    }

    /** Gives it up, if it was taken. */
    void free() {
        if (reserved != null) {
            Registry.free(reserved, lastName);
            reserved = null;
        }
    }
}
