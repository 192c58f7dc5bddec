package dev.understudy.protocol.neutral;

import java.util.OptionalLong;

/**
 * Usage in tokens, as the provider reports it. An unknown count is empty.
 *
 * @param prompt of the request, with those read from and written to the cache
 * @param completion of the answer, with its reasoning
 * @param cached those of the prompt that were read from the provider's cache
 * @param cacheWritten those of the prompt that were written to it
 * @param reasoning those of the answer that were reasoning
 * @param onlyTotal prompt and completion together, where the provider does not report both
 */
public record Tokens(
        OptionalLong prompt,
        OptionalLong completion,
        OptionalLong cached,
        OptionalLong cacheWritten,
        OptionalLong reasoning,
        OptionalLong onlyTotal) {

    /** Counts without a total that is reported alone. */
    public Tokens(
            OptionalLong prompt,
            OptionalLong completion,
            OptionalLong cached,
            OptionalLong cacheWritten,
            OptionalLong reasoning) {
        this(prompt, completion, cached, cacheWritten, reasoning, OptionalLong.empty());
    }

    /** Nothing is known. */
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

    /** The total that a provider has reported or, where it reports both, the sum of prompt and completion. */
    public OptionalLong reportedTotal() {
        return onlyTotal.isPresent() && (prompt.isEmpty() || completion.isEmpty()) ? onlyTotal : total();
    }

    /** The sum of prompt and completion; empty if both are unknown. */
    public OptionalLong total() {
        return prompt.isEmpty() && completion.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(prompt.orElse(0) + completion.orElse(0));
    }

    /** These counts, and the earlier ones where these are unknown: streams report usage in several places. */
    public Tokens or(Tokens earlier) {
        return new Tokens(
                or(prompt, earlier.prompt),
                or(completion, earlier.completion),
                or(cached, earlier.cached),
                or(cacheWritten, earlier.cacheWritten),
                or(reasoning, earlier.reasoning),
                or(onlyTotal, earlier.onlyTotal));
    }

    private static OptionalLong or(OptionalLong one, OptionalLong other) {
        return one.isPresent() ? one : other;
    }
}
