package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.ReasoningSettings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code additionalModelRequestFields}: what Converse has no word of its own for is said in each model's own words.
 *
 * @param reasoning Claude's {@code thinking} and {@code output_config.effort}, OpenAI's {@code reasoning_effort}, Nova's
 *     {@code reasoningConfig}
 * @param topK Claude's {@code top_k}
 * @param others all the rest
 */
record ModelFields(ReasoningSettings reasoning, OptionalLong topK, List<NeutralRequest.Other> others) {
    /** What goes before the names of others that came from there. */
    static final String PREFIX = "additionalModelRequestFields.";

    /** A count beyond this is no count; and a long number must not be calculated with. */
    private static final int MOST_DIGITS = 18;

    static ModelFields read(JsonNode fields) {
        List<NeutralRequest.Other> others = new ArrayList<>();
        fields.properties().forEach(field -> {
            switch (field.getKey()) {
                case "thinking", "reasoning_config", "reasoning_effort", "reasoningConfig", "top_k" -> {
                    // Read by their names.
                }
                case "output_config" -> {
                    if (!field.getValue().path("effort").isTextual()
                            || field.getValue().size() > 1) {
                        others.add(other(field.getKey(), field.getValue()));
                    }
                }
                default -> others.add(other(field.getKey(), field.getValue()));
            }
        });
        return new ModelFields(reasoning(fields), whole(fields.path("top_k")), others);
    }

    private static NeutralRequest.Other other(String name, JsonNode value) {
        return new NeutralRequest.Other(BedrockDialect.NAME, PREFIX + name, value.toString());
    }

    private static ReasoningSettings reasoning(JsonNode fields) {
        JsonNode thinking = fields.path(fields.has("thinking") ? "thinking" : "reasoning_config");
        JsonNode nova = fields.path("reasoningConfig");
        String effort = fields.path("output_config").path("effort").asText()
                + fields.path("reasoning_effort").asText()
                + nova.path("maxReasoningEffort").asText();
        boolean off = thinking.path("type").asText().equals("disabled")
                || nova.path("type").asText().equals("disabled");
        return new ReasoningSettings(
                off ? Optional.of(ReasoningSettings.Effort.NONE) : effort(effort),
                off ? OptionalLong.empty() : whole(thinking.path("budget_tokens")),
                thinking.path("display").isTextual()
                        ? Optional.of(!thinking.path("display").asText().equals("omitted"))
                        : Optional.empty());
    }

    private static Optional<ReasoningSettings.Effort> effort(String word) {
        if (word.equals("max")) {
            return Optional.of(ReasoningSettings.Effort.XHIGH);
        }
        for (ReasoningSettings.Effort effort : ReasoningSettings.Effort.values()) {
            if (effort.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(effort);
            }
        }
        return Optional.empty();
    }

    /** A whole number within reason. */
    static OptionalLong whole(JsonNode node) {
        return number(node)
                .filter(number -> number.precision() - number.scale() <= MOST_DIGITS)
                .map(number -> OptionalLong.of(number.longValue()))
                .orElse(OptionalLong.empty());
    }

    /** A number within reason. */
    static Optional<BigDecimal> number(JsonNode node) {
        return node.isNumber()
                ? Optional.of(node.decimalValue()).filter(number -> Math.abs(number.scale()) <= MOST_DIGITS)
                : Optional.empty();
    }
}
