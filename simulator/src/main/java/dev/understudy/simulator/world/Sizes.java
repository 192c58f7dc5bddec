package dev.understudy.simulator.world;

import java.util.random.RandomGenerator;

/**
 * How large calls are.
 *
 * @param prompt tokens of the prompt
 * @param answer tokens of the answer
 * @param longShare the share of calls with a long answer: a document, a program, a migration
 * @param longAnswer tokens of a long answer
 */
public record Sizes(Lognormal prompt, Lognormal answer, double longShare, Lognormal longAnswer) {
    private static final int MOST = 100_000;

    /** Without long answers. */
    public Sizes(Lognormal prompt, Lognormal answer) {
        this(prompt, answer, 0, answer);
    }

    /** As in Azure's conversation trace of 2023: prompts of 1,020 tokens in the median and 4,142 at p99, answers of 129 and 601. */
    public static Sizes ofDefaults() {
        return new Sizes(new Lognormal(1_020, 0.6), new Lognormal(129, 0.66));
    }

    /** The same, with a share of long answers. */
    public Sizes withLong(double share, Lognormal tokens) {
        return new Sizes(prompt, answer, share, tokens);
    }

    Arrival arrival(long at, RandomGenerator random) {
        int tokens = whole(prompt.draw(random));
        int answered = whole(answer.draw(random));
        boolean isLong = longShare > 0 && random.nextDouble() < longShare;
        return new Arrival(at, tokens, isLong ? whole(longAnswer.draw(random)) : answered);
    }

    private static int whole(double tokens) {
        return (int) Math.max(1, Math.min(MOST, Math.round(tokens)));
    }
}
