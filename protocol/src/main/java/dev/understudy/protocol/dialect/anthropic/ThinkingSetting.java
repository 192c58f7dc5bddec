package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much a model is told to think: {@code thinking} and {@code output_config.effort}.
 *
 * @param type {@code enabled}, {@code adaptive} or {@code disabled}; empty if nothing is said
 * @param budget in tokens, for {@code enabled}
 * @param effort empty if nothing is said
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">Extended thinking</a>
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/effort">Effort</a>
 */
record ThinkingSetting(String type, long budget, String effort, Optional<Boolean> shown) {
    /** The smallest budget that is accepted. */
    static final long LEAST = 1_024;

    static final ThinkingSetting USUAL = new ThinkingSetting("", 0, "", Optional.empty());

    boolean isOn() {
        return type.equals("enabled") || type.equals("adaptive");
    }

    void write(JsonGenerator json) throws IOException {
        if (type.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("thinking");
        json.writeStringField("type", type);
        if (type.equals("enabled")) {
            json.writeNumberField("budget_tokens", budget);
        }
        if (isOn() && shown.isPresent()) {
            json.writeStringField("display", shown.get() ? "summarized" : "omitted");
        }
        json.writeEndObject();
    }

    /** Reads both members; a model that thinks as it sees fit does so with a high effort. */
    static ReasoningSettings read(JsonNode thinking, String effortWord) {
        Optional<Effort> effort = effort(effortWord);
        OptionalLong budget = OptionalLong.empty();
        switch (thinking.path("type").asText("")) {
            case "disabled" -> effort = Optional.of(Effort.NONE);
            case "adaptive" -> effort = effort.or(() -> Optional.of(Effort.HIGH));
            case "enabled" -> {
                JsonNode tokens = thinking.path("budget_tokens");
                if (tokens.isIntegralNumber() && tokens.canConvertToLong()) {
                    budget = OptionalLong.of(Math.max(LEAST, tokens.longValue()));
                } else {
                    effort = effort.or(() -> Optional.of(Effort.MEDIUM));
                }
            }
            default -> {}
        }
        Optional<Boolean> shown = switch (thinking.path("display").asText("")) {
            case "summarized" -> Optional.of(true);
            case "omitted" -> Optional.of(false);
            default -> Optional.empty();
        };
        return new ReasoningSettings(effort, budget, shown);
    }

    private static Optional<Effort> effort(String word) {
        return switch (word) {
            case "low" -> Optional.of(Effort.LOW);
            case "medium" -> Optional.of(Effort.MEDIUM);
            case "high" -> Optional.of(Effort.HIGH);
            case "xhigh", "max" -> Optional.of(Effort.XHIGH);
            default -> Optional.empty();
        };
    }
}
