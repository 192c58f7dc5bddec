package dev.understudy.protocol.options;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How often a silent stream gets a keep-alive, so that proxies and clients do not hang up.
 *
 * @param interval from the last byte that the caller got to the next keep-alive; empty for none
 */
public record KeepAliveInterval(Optional<Duration> interval) {
    /** Below the shortest silence on which common proxies and clients hang up (20 s). */
    public static final KeepAliveInterval DEFAULT = new KeepAliveInterval(Optional.of(Duration.ofSeconds(10)));

    public static final KeepAliveInterval OFF = new KeepAliveInterval(Optional.empty());

    private static final String OFF_WORD = "off";
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /**
     * Reads {@code 10s} or {@code off}.
     *
     * @throws IllegalArgumentException with a message that follows the text in a sentence
     */
    public static KeepAliveInterval parse(String text) {
        if (text.strip().toLowerCase(Locale.ROOT).equals(OFF_WORD)) {
            return OFF;
        }
        Duration interval;
        try {
            interval = Durations.parse(text);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    unreadable.getMessage() + ", or off for no keep-alive at all", unreadable);
        }
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("is too short; it must be at least 100ms, or off for no keep-alive");
        }
        return new KeepAliveInterval(Optional.of(interval));
    }
}
