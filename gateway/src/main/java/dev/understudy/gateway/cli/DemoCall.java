package dev.understudy.gateway.cli;

import java.util.List;

/**
 * One call of the demo.
 *
 * @param description what goes wrong, as a short sentence for people
 * @param model the primary, as {@code provider/model}
 * @param fallbacks the targets behind it, in order
 * @param stream whether the answer is streamed
 * @param ends how it is to end
 * @param shows what a person can learn from the result, as a short sentence
 */
public record DemoCall(
        String description, String model, List<String> fallbacks, boolean stream, Ends ends, String shows) {

    /** How the call is to end. */
    public enum Ends {
        /** By one target, from its first word to its last. */
        ANSWERED,
        /** By two: one began, and another continued. */
        CONTINUED,
        IN_AN_ERROR
    }

    public DemoCall {
        fallbacks = List.copyOf(fallbacks);
    }
}
