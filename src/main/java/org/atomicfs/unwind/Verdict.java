package org.atomicfs.unwind;

/**
 * What the code of a method says about one call in it, the one that led to a {@code close()}.
 *
 * @param handlerOnly the call is reached only because an exception was caught
 * @param doomed whatever follows the call, the method ends by throwing
 * @param used a {@code catch} clause on the way has used what is closed: it wrote there on purpose
 * @param caughtJump what the method throws is caught in it as a jump, and not as a failure
 * @param fate what becomes of an exception that the call throws
 */
record Verdict(boolean handlerOnly, boolean doomed, boolean used, boolean caughtJump, Fate fate) {
    /** What becomes of an exception that a call throws. */
    enum Fate {
        /** It leaves the method. */
        PASSES_ON,
        /** It is attached to another one by {@code addSuppressed}, and the other one leaves the method. */
        ATTACHED,
        /** It is attached to another one by {@code addSuppressed}, and the method goes on. */
        ATTACHED_AND_CAUGHT,
        /** It is caught, or another one takes its place. */
        LOST
    }

    /** Whether the call is an ordinary one: reached without an exception, and followed by more than an exception. */
    boolean isOrdinary() {
        return !handlerOnly && !doomed;
    }
}
