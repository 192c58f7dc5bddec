package dev.understudy.protocol.options;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.regex.MatchResult;

/**
 * A regular expression that must match some part of an answer, or whose matches are redacted in the contents of calls.
 *
 * <p>It comes from a caller or an operator and runs on text of a model, so its run time must be bounded. RE2 runs in time that
 * is linear in the text, at the price of look-around and back-references
 * (<a href="https://github.com/google/re2/wiki/Syntax">syntax</a>); the size of the expression is limited too.
 */
public final class AnswerPattern {
    private static final int LONGEST = 500;

    /** Time and memory grow with what the expression is compiled to, and counted repetitions multiply that. */
    private static final int LARGEST = 2000;

    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("(\\)?)\\{([0-9]{1,4})(?:,([0-9]{0,4}))?\\}");

    private final Pattern pattern;

    private AnswerPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it cannot be read, or is too large; the message completes a sentence that begins
     *     with the field's name
     */
    public static AnswerPattern of(String regex) {
        if (regex.length() > LONGEST) {
            throw new IllegalArgumentException("is longer than " + LONGEST + " characters");
        }
        if (repetitions(regex) > LARGEST) {
            throw tooLarge();
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException unreadable) {
            throw new IllegalArgumentException(
                    "is not a regular expression that RE2 can read: " + unreadable.getDescription(), unreadable);
        }
        if (pattern.programSize() > LARGEST) {
            throw tooLarge();
        }
        return new AnswerPattern(pattern);
    }

    private static IllegalArgumentException tooLarge() {
        return new IllegalArgumentException("repeats too much; use smaller counts in {}");
    }

    /** At most how often a part of the expression is written out: those of groups multiply. */
    private static long repetitions(String regex) {
        long ofGroups = 1;
        long ofOne = 1;
        for (MatchResult found : REPETITION.matcher(regex).results().toList()) {
            String most = found.group(3) == null || found.group(3).isEmpty() ? found.group(2) : found.group(3);
            long count = Math.max(1, Long.parseLong(most));
            if (found.group(1).isEmpty()) {
                ofOne = Math.max(ofOne, count);
            } else {
                ofGroups = Math.min(ofGroups * count, Integer.MAX_VALUE);
            }
        }
        return ofGroups * ofOne;
    }

    /** How many instructions it is compiled to: what it takes of memory, and of time for each character of a text. */
    public int size() {
        return pattern.programSize();
    }

    /** Whether the expression matches some part of the text. */
    public boolean isIn(CharSequence text) {
        return pattern.matcher(text).find();
    }

    /**
     * The text with all that matches replaced.
     *
     * @param replacement as it is; {@code $} has no meaning in it
     */
    public String replacedIn(CharSequence text, String replacement) {
        return pattern.matcher(text).replaceAll(Matcher.quoteReplacement(replacement));
    }

    /** Patterns are the same if they are spelled the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof AnswerPattern same && same.pattern.pattern().equals(pattern.pattern());
    }

    @Override
    public int hashCode() {
        return pattern.pattern().hashCode();
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
