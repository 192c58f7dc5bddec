package dev.understudy.gateway.contract;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks single values up in texts of a known form. */
final class Fields {
    private Fields() {}

    /** The first member of this name in a JSON text, which must be a whole number. */
    static long number(String json, String name) {
        return Long.parseLong(first(json, "\"" + Pattern.quote(name) + "\":(\\d+)"));
    }

    /** The value of one of Prometheus' samples, named with its labels; 0 if there is no such sample. */
    static double sample(String metrics, String sample) {
        return metrics.lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static String first(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }
}
