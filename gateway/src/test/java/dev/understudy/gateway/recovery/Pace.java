package dev.understudy.gateway.recovery;

import java.time.Duration;

/**
 * How fast the scenarios go: at their real times with {@code -Dunderstudy.pace=real} (the Maven profile {@code slow}), and
 * else at a fifth of them, limits included.
 */
final class Pace {
    private static final int DIVISOR = System.getProperty("understudy.pace", "").equals("real") ? 1 : 5;

    private Pace() {}

    static Duration of(int seconds) {
        return Duration.ofSeconds(seconds).dividedBy(DIVISOR);
    }

    static String setting(int seconds) {
        return of(seconds).toMillis() + "ms";
    }

    /** The default settings with short limits. */
    static String configuration() {
        return """
                defaults:
                  deadline: %s
                  timeouts: {connect: %s, first-token: %s, idle: %s, answer: %s}
                  cooldown: {base: %s, cap: %s}
                models:
                  chain: {targets: [one/a, two/b]}
                """.formatted(setting(45), setting(3), setting(5), setting(5), setting(5), setting(5), setting(60));
    }
}
