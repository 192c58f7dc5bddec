package dev.understudy.calls.config;

import java.time.Duration;

/**
 * What the gateway keeps of conversations whose ids no provider knows, because another dialect's model answered.
 *
 * @param entries how many answers; 0 for none at all
 * @param size how many bytes of their turns together
 * @param age how long after its last use an answer is kept
 */
public record ConversationLimits(int entries, int size, Duration age) {
    /** The limits if a configuration has none. */
    public static final ConversationLimits BUILT_IN = new ConversationLimits(10_000, 64_000_000, Duration.ofHours(1));

    /** Nothing is kept. */
    public static final ConversationLimits OFF = new ConversationLimits(0, 0, Duration.ZERO);
}
