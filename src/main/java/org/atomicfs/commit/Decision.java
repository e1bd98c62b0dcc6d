package org.atomicfs.commit;

import org.atomicfs.CommitPolicy;
import org.atomicfs.unwind.Unwinding;

/** What is to be done with a write that is closed. A pure function of what is known then. */
enum Decision {
    /** The content takes the destination's place. */
    PUBLISH,

    /** The content is discarded, as the caller expects. */
    DISCARD,

    /** The content is discarded, and the caller learns of the failure that is the reason. */
    DISCARD_FOR_FAILURE,

    /** The content is discarded, and the caller learns that a propagating exception is the reason. */
    DISCARD_FOR_UNWINDING;

    /** What is known of failures of the write so far. */
    enum Failed {
        NO,
        /** The caller wants it discarded. */
        ASKED_FOR,
        YES
    }

    /**
     * Decides.
     *
     * @param failed whether the write failed
     * @param unwinding whether an exception is propagating through the caller of {@code close()}
     * @param policy when closing publishes
     */
    static Decision of(Failed failed, Unwinding unwinding, CommitPolicy policy) {
        if (failed == Failed.ASKED_FOR) {
            return DISCARD;
        }
        if (unwinding != Unwinding.NO) {
            return DISCARD_FOR_UNWINDING;
        }
        if (failed == Failed.YES) {
            return DISCARD_FOR_FAILURE;
        }
        return policy == CommitPolicy.EXPLICIT ? DISCARD : PUBLISH;
    }
}
