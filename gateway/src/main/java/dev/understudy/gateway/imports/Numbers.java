package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;

/** Numbers of other configurations, which may be written as texts. */
final class Numbers {
    private Numbers() {}

    /** A number that is not negative; empty if there is none. */
    static Optional<BigDecimal> of(JsonNode node) {
        if (!node.isNumber() && !node.isTextual()) {
            return Optional.empty();
        }
        String text = node.asText().strip();
        return text.matches("\\d{1,12}(\\.\\d{0,18})?([eE][+-]?\\d{1,2})?")
                ? Optional.of(new BigDecimal(text))
                : Optional.empty();
    }

    /** A whole number that is not negative; empty if there is none. */
    static Optional<Integer> whole(JsonNode node) {
        return of(node).filter(number -> number.stripTrailingZeros().scale() <= 0)
                .filter(number -> number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0)
                .map(BigDecimal::intValue);
    }
}
