package dev.understudy.client.chain;

import dev.understudy.engine.TrailEntry;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a call did: its attempts and the targets that it skipped, in order.
 *
 * @param entries each with the target, the kind of attempt, how it ended, the failure if there was one, and how long it took
 */
public record CallTrail(List<TrailEntry> entries) {
    public CallTrail {
        entries = List.copyOf(entries);
    }

    /** The requests that were sent to targets. */
    public List<TrailEntry> attempts() {
        return entries.stream().filter(TrailEntry::isAttempt).toList();
    }

    /** The targets that were not tried, each with the reason. */
    public List<TrailEntry> skips() {
        return entries.stream().filter(entry -> !entry.isAttempt()).toList();
    }

    /** One line such as {@code openai/gpt-4o:rate_limited, anthropic/claude:ok}. */
    @Override
    public String toString() {
        return entries.stream()
                .map(entry -> entry.target() + ":"
                        + (entry.isAttempt() ? entry.outcome() : "skipped(" + entry.reason() + ")"))
                .collect(Collectors.joining(", "));
    }
}
