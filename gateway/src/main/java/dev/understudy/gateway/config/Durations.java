package dev.understudy.gateway.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations with their unit: {@code 250ms}, {@code 1.5s}, {@code 5m}, {@code 1h}. */
final class Durations {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h)");

    private Durations() {}

    /** @throws IllegalArgumentException with a message that follows the text and names the units */
    static Duration parse(String text) {
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches()) {
            throw new IllegalArgumentException("is not a duration; write a number with ms, s, m or h, such as 30s");
        }
        long nanos = switch (duration.group(2)) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
        BigDecimal exact = new BigDecimal(duration.group(1)).multiply(BigDecimal.valueOf(nanos));
        if (exact.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("is too long for a duration");
        }
        return Duration.ofNanos(exact.setScale(0, RoundingMode.HALF_UP).longValueExact());
    }
}
