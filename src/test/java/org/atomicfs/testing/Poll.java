package org.atomicfs.testing;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or process does, where no latch or lock can be shared with it. */
public final class Poll {
    private static final int DEADLINE_SECONDS = 60;

    private Poll() {}

    /** Asks again and again until the answer is yes; fails after the deadline. */
    public static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within %d s".formatted(DEADLINE_SECONDS));
            }
            Thread.onSpinWait();
        }
    }
}
