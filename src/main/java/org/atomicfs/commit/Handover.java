package org.atomicfs.commit;

import java.io.IOException;
import java.nio.file.Path;

/** What takes the files that were written, instead of their being published at once: a transaction. */
public interface Handover {
    /** What a write belongs to that may be a member of a transaction. */
    interface Owner {
        /** The transaction; null for writes that are published at once. */
        Handover handover();
    }

    /** Where the writes of an owner go; null for those that are published at once. */
    static Handover of(Object owner) {
        return owner instanceof Owner it ? it.handover() : null;
    }

    /**
     * Accepts a write that is about to begin, or refuses it. One that was accepted is to be {@link #ended}.
     *
     * @throws IOException if it cannot be a member
     */
    void begin(Path requested, Destination destination) throws IOException;

    /**
     * Takes what was written; from then on the claim is this one's to release.
     *
     * @param completed has all but its name
     */
    void take(Completed completed) throws IOException;

    /** Notes that a write has ended that was accepted; called once for each, after {@link #take} if it came to that. */
    void ended(Path requested, Destination destination);

    /** Notes that a write failed after it was opened. */
    void failed(Path requested, Throwable cause);
}
