package dev.understudy.spring.autoconfigure;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A share that is written as a percentage, such as {@code 10%}.
 *
 * @param share from 0 to 1
 */
public record Percentage(double share) {
    private static final Pattern TEXT = Pattern.compile("\\s*(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%\\s*");

    public Percentage {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share + " is not between 0% and 100%");
        }
    }

    /**
     * Reads a percentage; Spring Boot calls it to convert a property.
     *
     * @throws IllegalArgumentException if it is none from 0% to 100%
     */
    public static Percentage valueOf(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a percentage; write a number from 0 to 100 with %, such as 10%");
        }
        BigDecimal percent = new BigDecimal(matcher.group(1));
        if (percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException("\"" + text + "\" is more than 100%");
        }
        return new Percentage(
                percent.divide(BigDecimal.valueOf(100), 8, RoundingMode.HALF_UP).doubleValue());
    }

    @Override
    public String toString() {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
