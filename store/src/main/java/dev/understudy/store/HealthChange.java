package dev.understudy.store;

import java.time.Instant;

/**
 * A change of a target's health.
 *
 * @param at when it was seen; kept in whole milliseconds
 * @param target {@code provider/model}; empty for all targets, as at the start of a gateway, which knows nothing yet
 * @param state {@code ready}, {@code cooling}, …
 * @param reason why, if there is a reason; empty otherwise
 */
public record HealthChange(Instant at, String target, String state, String reason) {
    private static final int LONGEST_NAME = 300;

    /** Texts are shortened to {@value #LONGEST_NAME} characters. */
    public HealthChange {
        at = Instant.ofEpochMilli(at.toEpochMilli());
        target = StoredText.of(target, LONGEST_NAME);
        state = StoredText.of(state, LONGEST_NAME);
        reason = StoredText.of(reason, LONGEST_NAME);
    }

    /** The start of a gateway. */
    public static HealthChange started(Instant at) {
        return new HealthChange(at, "", "ready", "");
    }
}
