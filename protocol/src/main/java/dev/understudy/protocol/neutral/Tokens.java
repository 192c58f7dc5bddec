package dev.understudy.protocol.neutral;

import java.util.OptionalLong;

/**
 * The tokens that a provider counted. What it did not say is empty.
 *
 * @param prompt of the request, those from the cache and those written to it included
 * @param completion of the answer, its reasoning included
 * @param cached those of the prompt that came from the provider's cache
 * @param cacheWritten those of the prompt that were written to it
 * @param reasoning those of the answer that were thought
 */
public record Tokens(
        OptionalLong prompt,
        OptionalLong completion,
        OptionalLong cached,
        OptionalLong cacheWritten,
        OptionalLong reasoning) {

    /** Nothing was counted. */
    public static final Tokens NONE = new Tokens(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());

    public static Tokens of(long prompt, long completion) {
        return new Tokens(
                OptionalLong.of(prompt),
                OptionalLong.of(completion),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    /** Of both; empty unless one of them is known. */
    public OptionalLong total() {
        return prompt.isEmpty() && completion.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(prompt.orElse(0) + completion.orElse(0));
    }

    /** What is said here, and where this is silent, what {@code earlier} said: streams count in several places. */
    public Tokens or(Tokens earlier) {
        return new Tokens(
                or(prompt, earlier.prompt),
                or(completion, earlier.completion),
                or(cached, earlier.cached),
                or(cacheWritten, earlier.cacheWritten),
                or(reasoning, earlier.reasoning));
    }

    private static OptionalLong or(OptionalLong one, OptionalLong other) {
        return one.isPresent() ? one : other;
    }
}
