package dev.understudy.gateway.harm;

import java.time.Duration;

/**
 * How fast these tests go: at real times and with default settings under {@code -Dunderstudy.pace=real} (the Maven profile
 * {@code slow}), and otherwise at a fraction of the times, the settings included.
 */
final class Scale {
    static final boolean REAL = System.getProperty("understudy.pace", "").equals("real");

    private static final int DIVISOR = REAL ? 1 : 25;

    private Scale() {}

    static Duration of(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9 / DIVISOR));
    }

    private static String setting(double seconds) {
        return of(seconds).toMillis() + "ms";
    }

    /** The defaults, scaled. A connection to this machine takes the same time at any scale. */
    static String defaults() {
        return REAL ? "" : "defaults:\n" + times() + cooldown();
    }

    /** The same where no target is skipped for what happened in an earlier call. */
    static String forgetfulDefaults() {
        return "defaults:\n" + (REAL ? "" : times()) + "  cooldown: {after: 1000, success-rate: 0%}\n";
    }

    /** The same without hedges, as if the budget were spent. */
    static String defaultsWithoutHedgingBudget() {
        return "defaults:\n" + (REAL ? "" : times() + cooldown()) + "  hedging: {budget: 0%}\n";
    }

    private static String times() {
        return """
                  timeouts: {first-token: %s, idle: %s, answer: %s, reasoning: %s}
                  stream: {keep-alive: %s}
                  retry: {base: %s, cap: %s, patience: %s}
                """.formatted(
                setting(10), setting(10), setting(20), setting(60), setting(10), setting(0.25), setting(4), setting(3));
    }

    private static String cooldown() {
        return """
                  cooldown: {base: %s, cap: %s, quick-cap: %s, credential: %s, hint-cap: %s}
                """.formatted(setting(5), setting(60), setting(15), setting(300), setting(300));
    }
}
