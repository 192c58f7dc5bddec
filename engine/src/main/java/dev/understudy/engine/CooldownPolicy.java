package dev.understudy.engine;

import java.time.Duration;

/**
 * When a target is passed over, and for how long.
 *
 * <p>{@code new CooldownPolicy(1, 0, 60 s, 60 s, 60 s)} is the classic "any error, one minute".
 *
 * @param after how many failures in a row open the breaker
 * @param successRate the share of successes, of late, below which the breaker opens though no failures come in a row:
 *     0.5 for half; 0 for never
 * @param base the first cooldown
 * @param cap the longest cooldown, however often it failed
 * @param credential the cooldown of a key that is refused or has no money left, which no waiting heals
 */
public record CooldownPolicy(int after, double successRate, Duration base, Duration cap, Duration credential) {

    public static CooldownPolicy ofDefaults() {
        return new CooldownPolicy(3, 0.5, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMinutes(5));
    }
}
