package dev.understudy.protocol.failure;

import dev.understudy.protocol.HeaderLookup;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A provider's hint of how long to wait: the first valid one, in the order of their precision.
 *
 * <p>Results are in nanoseconds, never negative, at most {@link #CAP}; what cannot be parsed is ignored.
 * No clock is read: where a hint names a moment, the current time is an argument.
 */
public final class TimeHints {
    /** The longest hint that is honoured: a day, in nanoseconds. */
    public static final long CAP = 24L * 3600 * 1_000_000_000;

    /** The limits that OpenAI and compatible providers report separately. */
    private static final List<String> OPENAI_LIMITS = List.of("requests", "tokens");

    private static final List<String> ANTHROPIC_LIMITS = List.of("requests", "tokens", "input-tokens", "output-tokens");

    /** "Please retry in 45.8s", "try again in 6m0s", "Please retry after 37 seconds", "Try again in 10 seconds". */
    private static final Pattern IN_WORDS = Pattern.compile(
            "(?i)(?:retry|try again) (?:in|after) ([0-9][0-9.]{0,20}) ?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|hours?)\\b"
                    + "|(?:retry|try again) (?:in|after) ((?:[0-9][0-9.]{0,20}(?:h|ms|m|s)){1,6})\\b");

    private TimeHints() {}

    /**
     * The hint in the headers: {@code retry-after-ms} (OpenAI, Azure), then {@code retry-after} (seconds, perhaps with a fraction,
     * or an HTTP date), then the reset of a limit that is used up: {@code x-ratelimit-reset-*} (OpenAI, Go
     * durations), {@code anthropic-ratelimit-*-reset} (RFC 3339). Of several used-up limits the last to reset counts.
     *
     * @param nowEpochMillis the time, in milliseconds since 1970
     */
    public static OptionalLong fromHeaders(HeaderLookup headers, long nowEpochMillis) {
        OptionalLong asked = retryAfter(headers, nowEpochMillis);
        return asked.isPresent() ? asked : resets(headers, nowEpochMillis);
    }

    /** Explicit hints only: {@code retry-after-ms} and {@code retry-after}. */
    static OptionalLong retryAfter(HeaderLookup headers, long nowEpochMillis) {
        OptionalLong millis = headers.first("retry-after-ms")
                .map(value -> capped(number(value.strip()) * 1e6))
                .orElse(OptionalLong.empty());
        if (millis.isPresent()) {
            return millis;
        }
        Optional<String> value = headers.first("retry-after").map(String::strip);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong seconds = capped(number(value.get()) * 1e9);
        return seconds.isPresent() ? seconds : untilHttpDate(value.get(), nowEpochMillis);
    }

    private static OptionalLong resets(HeaderLookup headers, long nowEpochMillis) {
        OptionalLong longest = OptionalLong.empty();
        for (String limit : OPENAI_LIMITS) {
            if (isUsedUp(headers, "x-ratelimit-remaining-" + limit)) {
                longest = longer(
                        longest,
                        headers.first("x-ratelimit-reset-" + limit)
                                .map(value -> GoDuration.nanos(value.strip()))
                                .orElse(OptionalLong.empty()));
            }
        }
        for (String limit : ANTHROPIC_LIMITS) {
            if (isUsedUp(headers, "anthropic-ratelimit-" + limit + "-remaining")) {
                longest = longer(
                        longest,
                        headers.first("anthropic-ratelimit-" + limit + "-reset")
                                .map(value -> untilRfc3339(value.strip(), nowEpochMillis))
                                .orElse(OptionalLong.empty()));
            }
        }
        return longest;
    }

    private static boolean isUsedUp(HeaderLookup headers, String remaining) {
        return headers.first(remaining).map(value -> value.strip().equals("0")).orElse(false);
    }

    private static OptionalLong longer(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return OptionalLong.of(Math.max(one.getAsLong(), other.getAsLong()));
    }

    /**
     * The hint in the body: Gemini's {@code RetryInfo}, Hugging Face's {@code estimated_time}, or a message.
     *
     * @param stated its messages, without quotations where they may quote the request
     */
    static OptionalLong fromBody(ErrorBody body, String stated) {
        OptionalLong delay = GoDuration.nanos(body.retryDelay());
        return delay.isPresent() ? delay : fromWords(stated);
    }

    /** A delay in a message, such as {@code Please retry in 45.8s.} */
    static OptionalLong fromWords(String message) {
        Matcher found = IN_WORDS.matcher(message);
        if (!found.find()) {
            return OptionalLong.empty();
        }
        if (found.group(3) != null) {
            return GoDuration.nanos(found.group(3).toLowerCase(Locale.ROOT));
        }
        double count = number(found.group(1));
        String unit = found.group(2).toLowerCase(Locale.ROOT);
        if (unit.startsWith("ms") || unit.startsWith("milli")) {
            return capped(count * 1e6);
        }
        return switch (unit.charAt(0)) {
            case 's' -> capped(count * 1e9);
            case 'm' -> capped(count * 60e9);
            default -> capped(count * 3600e9);
        };
    }

    private static OptionalLong untilHttpDate(String text, long nowEpochMillis) {
        try {
            return until(
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant(),
                    nowEpochMillis);
        } catch (DateTimeException notADate) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong untilRfc3339(String text, long nowEpochMillis) {
        try {
            return until(OffsetDateTime.parse(text).toInstant(), nowEpochMillis);
        } catch (DateTimeException notADate) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong until(Instant moment, long nowEpochMillis) {
        double millis = moment.getEpochSecond() * 1e3 + moment.getNano() / 1e6 - nowEpochMillis;
        return capped(Math.max(0, millis) * 1e6);
    }

    /** Digits with at most one dot; NaN for anything else, signs and exponents too. */
    static double number(String text) {
        int dots = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                dots++;
            } else if (c >= '0' && c <= '9') {
                digits++;
            } else {
                return Double.NaN;
            }
        }
        return dots <= 1 && digits > 0 && text.length() <= 32 ? Double.parseDouble(text) : Double.NaN;
    }

    /** As whole nanoseconds within the cap; empty for what is not a number. */
    static OptionalLong capped(double nanos) {
        return Double.isNaN(nanos) || nanos < 0
                ? OptionalLong.empty()
                : OptionalLong.of((long) Math.min(CAP, Math.rint(nanos)));
    }
}
