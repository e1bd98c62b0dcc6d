package org.atomicfs.commit;

/** Throws what need not be declared. */
final class TestThrow {
    private TestThrow() {}

    /** Throws anything as it is. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> RuntimeException sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
