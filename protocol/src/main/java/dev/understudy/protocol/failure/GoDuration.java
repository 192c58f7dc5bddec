package dev.understudy.protocol.failure;

import java.util.OptionalLong;

/** Reads Go's notation of durations, which rate limits use: {@code 1s}, {@code 6m0s}, {@code 2s81ms}. */
final class GoDuration {
    private GoDuration() {}

    /** Nanoseconds, at most {@link TimeHints#CAP}; empty for anything that is not such a duration. */
    static OptionalLong nanos(String text) {
        int length = text.length();
        if (length == 0 || length > 64) {
            return OptionalLong.empty();
        }
        if (text.equals("0")) {
            return OptionalLong.of(0);
        }
        double total = 0;
        int at = 0;
        while (at < length) {
            int number = at;
            while (at < length && isPartOfNumber(text.charAt(at))) {
                at++;
            }
            int unit = at;
            while (at < length && !isPartOfNumber(text.charAt(at))) {
                at++;
            }
            double each = nanosPer(text.substring(unit, at));
            double count = TimeHints.number(text.substring(number, unit));
            if (Double.isNaN(each) || Double.isNaN(count)) {
                return OptionalLong.empty();
            }
            total += count * each;
        }
        return TimeHints.capped(total);
    }

    private static boolean isPartOfNumber(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static double nanosPer(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            // The micro sign and the Greek letter both occur.
            case "us", "\u00B5s", "\u03BCs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> Double.NaN;
        };
    }
}
