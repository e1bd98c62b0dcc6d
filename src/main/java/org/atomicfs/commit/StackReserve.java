package org.atomicfs.commit;

/**
 * Makes sure that there is stack left before a step begins that must not be cut off in its middle: a
 * {@link StackOverflowError} is thrown here, before anything was changed.
 */
final class StackReserve {
    /** Frames; each is as large as the variables that it has to keep. Together more than the longest chain of calls. */
    private static final int DEPTH = 96;

    private static long sink; // keeps the compiler from leaving the calls out

    private StackReserve() {}

    /** Throws a {@link StackOverflowError} if not much of the current thread's stack is left. */
    static void check() {
        sink = descend(DEPTH, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    /** The sums after the call keep all parameters on the stack during it. */
    private static long descend(int left, long a, long b, long c, long d, long e, long f, long g, long h) {
        if (left == 0) {
            return a;
        }
        long below = descend(left - 1, b, c, d, e, f, g, h, a);
        return below + (a ^ b) + (c ^ d) + (e ^ f) + (g ^ h);
    }
}
