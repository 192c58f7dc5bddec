package dev.understudy.simulator.world;

/**
 * How a model reasons before it answers.
 *
 * @param time nanoseconds that it reasons, before the time to its first token
 * @param shows what a stream shows of it
 * @param recognised whether the gateway knows that this model reasons
 */
public record Reasoning(Lognormal time, Shows shows, boolean recognised) {

    /** What a client receives while a model reasons. */
    public enum Shows {
        /** The reasoning, or a summary of it, piece by piece. */
        REASONING,
        /** Pings, comments or lifecycle events. */
        PINGS,
        /** The response headers, and then nothing until the answer. */
        NOTHING
    }
}
