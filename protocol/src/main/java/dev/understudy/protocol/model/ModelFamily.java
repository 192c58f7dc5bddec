package dev.understudy.protocol.model;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import java.util.OptionalInt;

/**
 * A row of the table.
 *
 * @param pattern as it is written there
 * @param words what must stand in a model's name
 * @param atStart whether it must begin the name, or what comes after a slash or colon
 */
record ModelFamily(String pattern, ModelName words, boolean atStart, ModelCapabilities capabilities) {
    private static final int COLUMNS = 11;

    /** @throws IllegalArgumentException if the row is broken */
    static ModelFamily parse(String row) {
        String[] columns = row.strip().split(" +", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException("not " + COLUMNS + " columns: " + row);
        }
        String pattern = columns[0];
        boolean atStart = pattern.startsWith("^");
        return new ModelFamily(
                pattern,
                ModelName.of(atStart ? pattern.substring(1) : pattern),
                atStart,
                new ModelCapabilities(
                        tokens(columns[1]),
                        tokens(columns[2]),
                        can(columns[3]),
                        can(columns[4]),
                        can(columns[5]),
                        can(columns[6]),
                        can(columns[7]),
                        can(columns[8]),
                        reasoningControl(columns[9]),
                        can(columns[10])));
    }

    boolean has(ModelName model) {
        return model.says(words, atStart);
    }

    private static OptionalInt tokens(String cell) {
        return cell.equals("?") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(cell));
    }

    private static Can can(String cell) {
        return switch (cell) {
            case "yes" -> Can.YES;
            case "no" -> Can.NO;
            case "?" -> Can.UNKNOWN;
            default -> throw new IllegalArgumentException("neither yes, no nor ?: " + cell);
        };
    }

    private static ReasoningControl reasoningControl(String cell) {
        return switch (cell) {
            case "none" -> ReasoningControl.NONE;
            case "budget" -> ReasoningControl.BUDGET;
            case "effort" -> ReasoningControl.EFFORT;
            case "adaptive" -> ReasoningControl.ADAPTIVE;
            case "?" -> ReasoningControl.UNKNOWN;
            default -> throw new IllegalArgumentException("no way of thinking: " + cell);
        };
    }
}
