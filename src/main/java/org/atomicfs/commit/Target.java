package org.atomicfs.commit;

import java.io.Closeable;

/**
 * Where what is written goes.
 *
 * @param <C> what it is written through
 */
sealed interface Target<C extends Closeable> {
    /** What is read and written through. */
    C channel();

    /**
     * The destination itself, opened with its content kept and not written yet: it is read, locked and forced there.
     * The first change makes it {@link Staged}.
     */
    record Unchanged<C extends Closeable>(C channel) implements Target<C> {}

    /** The temporary, held by a claim. */
    record Staged<C extends Closeable>(C channel, Claim claim) implements Target<C> {}

    /** The destination itself, which cannot be replaced. */
    record InPlace<C extends Closeable>(C channel) implements Target<C> {}
}
