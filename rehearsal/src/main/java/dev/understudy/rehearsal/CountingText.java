package dev.understudy.rehearsal;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The text that the rehearsal answers with: the cardinal numbers, counted from one.
 *
 * <p>{@code text(4)} is {@code "one two three four"}. Every word differs from the one before it, so a test sees at once
 * where an answer was cut, which words came twice and which are missing.
 */
public final class CountingText {

    /** The last number that has a word here. */
    public static final int LAST = 999_999;

    private static final List<String> UP_TO_NINETEEN = List.of(
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen");

    private static final List<String> TENS =
            List.of("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");

    private CountingText() {}

    /**
     * The word for one number, without spaces: {@code twenty-one}, {@code two-hundred-five}.
     *
     * @throws IllegalArgumentException outside 1 to {@link #LAST}
     */
    public static String word(int number) {
        if (number < 1 || number > LAST) {
            throw new IllegalArgumentException("no word for " + number + ": only 1 to " + LAST);
        }
        return spell(number);
    }

    /** The words for 1 to {@code count}, parted by single spaces; empty for 0. */
    public static String text(int count) {
        return String.join("", pieces(count));
    }

    /** The same text in the pieces in which it is streamed: {@code "one"}, {@code " two"}, {@code " three"}. */
    public static List<String> pieces(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> number == 1 ? word(number) : " " + word(number))
                .collect(Collectors.toUnmodifiableList());
    }

    private static String spell(int number) {
        if (number < 20) {
            return UP_TO_NINETEEN.get(number);
        }
        if (number < 100) {
            return TENS.get(number / 10) + rest(number % 10);
        }
        if (number < 1000) {
            return spell(number / 100) + "-hundred" + rest(number % 100);
        }
        return spell(number / 1000) + "-thousand" + rest(number % 1000);
    }

    private static String rest(int number) {
        return number == 0 ? "" : "-" + spell(number);
    }
}
