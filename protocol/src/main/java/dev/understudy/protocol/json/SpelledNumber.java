package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A number of a tree that {@link JsonTrees#scanned} has read. It is written as it was read ({@code 1e2}, {@code 1.10}, {@code
 * -0.0}), which no number of the library is, and reading it costs no calculation: that of ten thousand digits would take
 * longer than the rest of the request.
 */
public final class SpelledNumber extends NumericNode {
    private static final long serialVersionUID = 1;

    /** No count or duration needs more digits or a larger exponent. */
    private static final int SANE = 40;

    private final String spelling;

    /** @param spelling a number in JSON's form, which is not checked again */
    SpelledNumber(String spelling) {
        this.spelling = spelling;
    }

    /**
     * The value of a number. Empty for every other node, and for numbers such as {@code 1e999999999}, which are well-formed but
     * take all memory in the smallest calculation.
     */
    public static Optional<BigDecimal> value(JsonNode number) {
        return number.isNumber() ? value(number.asText()) : Optional.empty();
    }

    /** The same of a number in JSON's form. */
    public static Optional<BigDecimal> value(String spelling) {
        if (spelling.length() > SANE) {
            return Optional.empty();
        }
        int exponent = Math.max(spelling.indexOf('e'), spelling.indexOf('E'));
        if (exponent >= 0 && spelling.length() - exponent > 4) {
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(spelling);
        return Math.abs(value.scale()) > SANE ? Optional.empty() : Optional.of(value);
    }

    /** The number as it was read. */
    @Override
    public String asText() {
        return spelling;
    }

    @Override
    public void serialize(JsonGenerator json, SerializerProvider provider) throws IOException {
        json.writeNumber(spelling);
    }

    @Override
    public JsonToken asToken() {
        return JsonToken.VALUE_NUMBER_FLOAT;
    }

    @Override
    public JsonParser.NumberType numberType() {
        return JsonParser.NumberType.BIG_DECIMAL;
    }

    @Override
    public Number numberValue() {
        return decimalValue();
    }

    /** @throws ArithmeticException if {@link #value(JsonNode)} is empty */
    @Override
    public BigDecimal decimalValue() {
        return value(spelling).orElseThrow(() -> new ArithmeticException("a number of unusual size"));
    }

    @Override
    public BigInteger bigIntegerValue() {
        return decimalValue().toBigInteger();
    }

    @Override
    public double doubleValue() {
        return Double.parseDouble(spelling);
    }

    @Override
    public long longValue() {
        return decimalValue().longValue();
    }

    @Override
    public int intValue() {
        return decimalValue().intValue();
    }

    @Override
    public boolean canConvertToInt() {
        return isBetween(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public boolean canConvertToLong() {
        return isBetween(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private boolean isBetween(long least, long most) {
        return value(spelling)
                .filter(number -> number.compareTo(BigDecimal.valueOf(least)) >= 0)
                .filter(number -> number.compareTo(BigDecimal.valueOf(most)) <= 0)
                .isPresent();
    }

    /** Numbers are the same if they are spelled the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SpelledNumber same && same.spelling.equals(spelling);
    }

    @Override
    public int hashCode() {
        return spelling.hashCode();
    }
}
