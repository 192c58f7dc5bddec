package dev.understudy.protocol.model;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for whole names of models: {@code *} is any text, {@code ?} any character, {@code @} a word of letters, {@code #} a version, and {@code
 * {a,b}} one of several texts. All else stands for itself.
 *
 * <p>A version is one or two numbers of at most two digits, so that the date in {@code claude-opus-4-20250514} is none.
 */
record NamePattern(String text, Pattern regex, boolean hasVersion) {
    private static final String VERSION = "(\\d{1,2})(?:[-.](\\d{1,2}))?(?!\\d)";

    /** @throws IllegalArgumentException if a brace has no partner, or if there are two versions */
    static NamePattern parse(String text) {
        StringBuilder regex = new StringBuilder();
        boolean inBraces = false;
        boolean version = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                // Reluctant, so that a version is the first one after the text before it.
                case '*' -> regex.append(".*?");
                case '?' -> regex.append('.');
                case '@' -> regex.append("[a-z]{1,20}");
                case '#' -> {
                    require(!version, text);
                    version = true;
                    regex.append(VERSION);
                }
                case '{' -> {
                    require(!inBraces, text);
                    inBraces = true;
                    regex.append("(?:");
                }
                case '}' -> {
                    require(inBraces, text);
                    inBraces = false;
                    regex.append(')');
                }
                case ',' -> regex.append(inBraces ? "|" : ",");
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        require(!inBraces, text);
        return new NamePattern(text, Pattern.compile(regex.toString(), Pattern.DOTALL), version);
    }

    private static void require(boolean wellFormed, String text) {
        if (!wellFormed) {
            throw new IllegalArgumentException("not a pattern: " + text);
        }
    }

    boolean matches(String name) {
        return regex.matcher(name).matches();
    }

    /** The version in a name that matches, as major * 100 + minor; empty if the name does not match. */
    OptionalInt version(String name) {
        Matcher matcher = regex.matcher(name);
        if (!hasVersion || !matcher.matches()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(number(matcher.group(1), matcher.group(2)));
    }

    static int number(String major, @Nullable String minor) {
        return Integer.parseInt(major) * 100 + (minor == null ? 0 : Integer.parseInt(minor));
    }
}
