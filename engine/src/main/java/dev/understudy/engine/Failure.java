package dev.understudy.engine;

import java.util.OptionalLong;

/**
 * One attempt's failure: its kind and what the provider said of it.
 *
 * @param kind what went wrong
 * @param status the HTTP status that came with it; 0 if none did
 * @param words the provider's own error, or ours where the provider said nothing
 * @param retryAfter nanoseconds for which the provider asks to be left alone, if it said so
 * @param answerAtHand whether a complete answer came all the same (a content filter's, for instance), which may be
 *     delivered if nobody else is to be asked
 */
public record Failure(
        FailureKind kind, int status, ProviderWords words, OptionalLong retryAfter, boolean answerAtHand) {

    public Failure(FailureKind kind, int status, ProviderWords words, OptionalLong retryAfter) {
        this(kind, status, words, retryAfter, false);
    }

    /** A failure that no provider described. */
    public static Failure of(FailureKind kind, String message) {
        return new Failure(kind, 0, ProviderWords.of(message), OptionalLong.empty());
    }

    /** The provider's error, or our description of it. */
    public String message() {
        return words.message();
    }
}
