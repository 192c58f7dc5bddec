package dev.understudy.client.chain;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What holds for one target of a chain.
 *
 * @param timeout an explicit limit: an attempt there is cancelled that has not answered (a stream: begun to) within this time.
 *     Empty for the chain's own
 * @param reasons whether the model reasons before it answers, so that it is late later
 * @param contextWindow the model's context window in tokens, if it is known: a prompt that was too long for one target is not
 *     sent to another that is no larger
 */
public record TargetOptions(Optional<Duration> timeout, boolean reasons, OptionalInt contextWindow) {
    /** Nothing in particular. */
    public static final TargetOptions DEFAULT = new TargetOptions(Optional.empty(), false, OptionalInt.empty());

    public TargetOptions {
        Checks.notNull(timeout, "timeout").ifPresent(limit -> Checks.positive(limit, "timeout"));
        Checks.notNull(contextWindow, "contextWindow");
        if (contextWindow.isPresent() && contextWindow.getAsInt() < 1) {
            throw new IllegalArgumentException("contextWindow is " + contextWindow.getAsInt()
                    + "; pass the number of tokens, or leave it empty if it is not known");
        }
    }

    /** These, with an explicit limit. */
    public TargetOptions withTimeout(Duration limit) {
        return new TargetOptions(Optional.of(Checks.positive(limit, "timeout")), reasons, contextWindow);
    }

    /** These, for a model that reasons before it answers. */
    public TargetOptions reasoning() {
        return new TargetOptions(timeout, true, contextWindow);
    }

    /** These, with a context window of so many tokens. */
    public TargetOptions withContextWindow(int tokens) {
        return new TargetOptions(timeout, reasons, OptionalInt.of(tokens));
    }
}
