package dev.understudy.protocol.model;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import java.util.OptionalInt;

/**
 * A row of the table's section {@code [capabilities]}.
 *
 * @param pattern as the table writes it
 * @param words the words that a model's name must contain in a row
 * @param atStart whether they must begin the name, or follow a slash or colon
 */
record CapabilityRow(String pattern, ModelName words, boolean atStart, ModelCapabilities capabilities) {
    private static final int COLUMNS = 11;

    /** @throws IllegalArgumentException if the row is broken */
    static CapabilityRow parse(String row) {
        String[] columns = row.strip().split(" +", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException("not " + COLUMNS + " columns: " + row);
        }
        String pattern = columns[0];
        boolean atStart = pattern.startsWith("^");
        return new CapabilityRow(
                pattern,
                ModelName.of(atStart ? pattern.substring(1) : pattern),
                atStart,
                ModelCapabilities.builder()
                        .contextWindow(tokens(columns[1]))
                        .maxOutput(tokens(columns[2]))
                        .images(can(columns[3]))
                        .documents(can(columns[4]))
                        .audio(can(columns[5]))
                        .tools(can(columns[6]))
                        .schema(can(columns[7]))
                        .prefill(can(columns[8]))
                        .reasoningControl(reasoningControl(columns[9]))
                        .reasons(can(columns[10]))
                        .build());
    }

    boolean has(ModelName model) {
        return model.says(words, atStart);
    }

    static OptionalInt tokens(String cell) {
        return cell.equals("?") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(cell));
    }

    static Can can(String cell) {
        return switch (cell) {
            case "yes" -> Can.YES;
            case "no" -> Can.NO;
            case "?" -> Can.UNKNOWN;
            default -> throw new IllegalArgumentException("neither yes, no nor ?: " + cell);
        };
    }

    static ReasoningControl reasoningControl(String cell) {
        return switch (cell) {
            case "none" -> ReasoningControl.NONE;
            case "budget" -> ReasoningControl.BUDGET;
            case "effort" -> ReasoningControl.EFFORT;
            case "adaptive" -> ReasoningControl.ADAPTIVE;
            case "?" -> ReasoningControl.UNKNOWN;
            default -> throw new IllegalArgumentException("not a reasoning control: " + cell);
        };
    }
}
