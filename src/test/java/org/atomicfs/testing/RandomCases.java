package org.atomicfs.testing;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Checks something with many random cases. A failure names the seed of the case that failed; the system property
 * {@code seed} repeats that case alone: {@code mvn test -Dtest=PathAlgebraTest -Dseed=42}.
 */
public final class RandomCases {
    private static final String SEED = "seed";

    private RandomCases() {}

    /**
     * Runs a check for a number of cases.
     *
     * @param check makes a case of the random numbers, and throws if it fails
     */
    public static void check(int cases, Consumer<Random> check) {
        Long given = Long.getLong(SEED);
        LongStream seeds = given == null ? new SplittableRandom().longs(cases) : LongStream.of(given);
        seeds.forEach(seed -> {
            try {
                check.accept(new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-D%s=%d repeats this case: %s".formatted(SEED, seed, e.getMessage()), e);
            }
        });
    }

    /** One of several values. */
    @SafeVarargs
    public static <T> T oneOf(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }
}
