package dev.understudy.protocol.model;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A row of the table's section {@code [prices]}.
 *
 * @param pattern as the table writes it
 * @param words the words that a model's name must contain in a row
 * @param atStart whether they must begin the name, or follow a slash or colon
 * @param price empty for variants of a priced model whose price is not known
 */
record PriceRow(String pattern, ModelName words, boolean atStart, Optional<ModelPrice> price) {
    private static final int COLUMNS = 4;

    /** @throws IllegalArgumentException if the row is broken */
    static PriceRow parse(String row) {
        String[] columns = row.strip().split(" +", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException("not " + COLUMNS + " columns: " + row);
        }
        String pattern = columns[0];
        boolean atStart = pattern.startsWith("^");
        return new PriceRow(
                pattern,
                ModelName.of(atStart ? pattern.substring(1) : pattern),
                atStart,
                columns[1].equals("?")
                        ? Optional.empty()
                        : Optional.of(ModelPrice.perMillion(
                                new BigDecimal(columns[1]),
                                new BigDecimal(columns[2].equals("-") ? columns[1] : columns[2]),
                                new BigDecimal(columns[3]))));
    }

    boolean has(ModelName model) {
        return model.says(words, atStart);
    }
}
