package dev.understudy.engine;

import java.time.Duration;

/**
 * When a target is skipped, and for how long.
 *
 * <p>{@code new CooldownPolicy(1, 0, 60 s, 60 s, 60 s)} is the classic "any error, one minute".
 *
 * @param after how many failures in a row open the circuit
 * @param successRate the share of successes, of late, below which the circuit opens though no failures come in a row:
 *     0.5 for half; 0 for never
 * @param base the first cooldown
 * @param cap the longest cooldown of a target that fails by silence, however often it failed: a trial of it costs time
 * @param quickCap the longest cooldown of a target that fails quickly; never below {@code base}
 * @param credential the cooldown of a key that is refused or has no money left, which no waiting heals
 * @param hintCap the longest cooldown that a provider's own hint may impose, unless it is about the account
 */
public record CooldownPolicy(
        int after,
        double successRate,
        Duration base,
        Duration cap,
        Duration quickCap,
        Duration credential,
        Duration hintCap) {

    /** The longest cooldown by default of a target that fails quickly. */
    public static final Duration QUICK_CAP = Duration.ofSeconds(15);

    /** The longest hint that is honoured by default. */
    public static final Duration HINT_CAP = Duration.ofMinutes(5);

    public CooldownPolicy {
        quickCap = quickCap.compareTo(base) < 0 ? base : quickCap;
    }

    public CooldownPolicy(int after, double successRate, Duration base, Duration cap, Duration credential) {
        this(after, successRate, base, cap, cap.compareTo(QUICK_CAP) < 0 ? cap : QUICK_CAP, credential, HINT_CAP);
    }

    public static CooldownPolicy ofDefaults() {
        return new CooldownPolicy(3, 0.5, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMinutes(5));
    }
}
