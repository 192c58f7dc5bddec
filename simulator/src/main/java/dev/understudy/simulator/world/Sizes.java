package dev.understudy.simulator.world;

import java.util.random.RandomGenerator;

/**
 * How large calls are.
 *
 * @param prompt tokens of the prompt
 * @param answer tokens of the answer
 */
public record Sizes(Lognormal prompt, Lognormal answer) {
    private static final int MOST = 100_000;

    /** As in Azure's conversation trace of 2023: prompts of 1,020 tokens in the median and 4,142 at p99, answers of 129 and 601. */
    public static Sizes ofDefaults() {
        return new Sizes(new Lognormal(1_020, 0.6), new Lognormal(129, 0.66));
    }

    Arrival arrival(long at, RandomGenerator random) {
        return new Arrival(at, whole(prompt.draw(random)), whole(answer.draw(random)));
    }

    private static int whole(double tokens) {
        return (int) Math.max(1, Math.min(MOST, Math.round(tokens)));
    }
}
