package dev.understudy.protocol.options;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations with their unit: {@code 250ms}, {@code 1.5s}, {@code 5m}, {@code 1h}.
 *
 * <p>A bare number is rejected: some systems count in seconds and others in milliseconds, and a factor of
 * a thousand cannot be guessed.
 */
public final class Durations {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?(ms|s|m|h)");
    private static final Pattern BARE = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");

    private static final Duration LONGEST = Duration.ofDays(365);

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException with a message that follows the name of the field and names the units, such as
     *     {@code is not a duration; write a number with ms, s, m or h, such as 30s}
     */
    public static Duration parse(String text) {
        String trimmed = text.strip();
        Matcher duration = DURATION.matcher(trimmed);
        if (!duration.matches()) {
            throw new IllegalArgumentException(
                    BARE.matcher(trimmed).matches()
                            ? "has no unit; write a number with ms, s, m or h, such as " + trimmed + "s"
                            : "is not a duration; write a number with ms, s, m or h, such as 30s");
        }
        Duration value = of(new BigDecimal(duration.group(1)), nanosPer(duration.group(2)));
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("is too long; the longest is 365 days (8760h)");
        }
        return value;
    }

    private static long nanosPer(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }

    /** Nine digits of hours are too many for nanoseconds in a long, so the product is taken apart. */
    private static Duration of(BigDecimal number, long nanosEach) {
        BigDecimal nanos = number.multiply(BigDecimal.valueOf(nanosEach)).setScale(0, RoundingMode.HALF_UP);
        BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValueExact());
    }
}
