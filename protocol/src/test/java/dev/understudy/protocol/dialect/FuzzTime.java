package dev.understudy.protocol.dialect;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Random;

/**
 * How long a fuzzer runs: a fixed number of rounds with fixed seeds, or with {@code -Dfuzz.minutes=10} so long, each round
 * with a seed of its own from {@code -Dfuzz.seed=0} on.
 */
final class FuzzTime {
    private static final long MINUTES = Long.getLong("fuzz.minutes", 0);
    private static final long FIRST_SEED = Long.getLong("fuzz.seed", 0);

    /** No input of some kilobytes takes the processor longer, on the slowest machine. What it waits for others does not count. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** One try. */
    interface Round {
        /** @param input where it writes down what it tries, to be told if that fails */
        void run(Random random, StringBuilder input) throws Exception;
    }

    private FuzzTime() {}

    /** Whether it runs for minutes. */
    static boolean isLong() {
        return MINUTES > 0;
    }

    /** Runs rounds until the time is over or one fails. */
    static void fuzz(String target, int rounds, Round round) {
        long start = System.nanoTime();
        long done = 0;
        long longest = 0;
        while (MINUTES > 0
                ? System.nanoTime() - start < Duration.ofMinutes(MINUTES).toNanos()
                : done < rounds) {
            long seed = FIRST_SEED + done++;
            StringBuilder input = new StringBuilder();
            long began = THREADS.getCurrentThreadCpuTime();
            try {
                round.run(new Random(seed * 0x9E3779B97F4A7C15L), input);
            } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError failure) {
                throw new AssertionError(target + " fails with seed " + seed + ": " + input, failure);
            }
            longest = Math.max(longest, THREADS.getCurrentThreadCpuTime() - began);
            if (longest > PATIENCE.toNanos()) {
                throw new AssertionError(target + " takes long with seed " + seed + ": " + input);
            }
        }
        if (MINUTES > 0) {
            System.out.printf("fuzz %s: %d rounds, longest %d ms%n", target, done, longest / 1_000_000);
        }
    }
}
