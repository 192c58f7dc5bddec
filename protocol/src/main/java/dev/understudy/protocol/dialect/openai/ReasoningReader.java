package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads how much the model is to think: {@code reasoning_effort} (OpenAI), {@code reasoning} (OpenRouter), {@code
 * thinking} (DeepSeek, LiteLLM).
 */
final class ReasoningReader {

    private ReasoningReader() {}

    static ReasoningSettings read(JsonNode body) {
        JsonNode reasoning = body.path("reasoning");
        JsonNode thinking = body.path("thinking");
        Optional<Effort> effort = effort(body.path("reasoning_effort"))
                .or(() -> effort(reasoning.path("effort")))
                .or(() -> switched(reasoning.path("enabled")));
        OptionalLong budget = budget(reasoning.path("max_tokens"));
        if (budget.isEmpty()) {
            budget = budget(thinking.path("budget_tokens"));
        }
        if (effort.isEmpty() && thinking.path("type").asText("").equals("disabled")) {
            effort = Optional.of(Effort.NONE);
        }
        if (effort.isEmpty()
                && budget.isEmpty()
                && thinking.path("type").asText("").equals("enabled")) {
            effort = Optional.of(Effort.MEDIUM);
        }
        Optional<Boolean> shown = Optional.empty();
        if (reasoning.path("exclude").isBoolean()) {
            shown = Optional.of(!reasoning.path("exclude").asBoolean());
        } else if (body.path("include_reasoning").isBoolean()) {
            shown = Optional.of(body.path("include_reasoning").asBoolean());
        }
        return new ReasoningSettings(effort, budget, shown);
    }

    /** OpenRouter's {@code enabled} stands for a medium effort. */
    private static Optional<Effort> switched(JsonNode enabled) {
        return enabled.isBoolean() ? Optional.of(enabled.asBoolean() ? Effort.MEDIUM : Effort.NONE) : Optional.empty();
    }

    private static Optional<Effort> effort(JsonNode word) {
        return switch (word.asText("").toLowerCase(Locale.ROOT)) {
            case "none" -> Optional.of(Effort.NONE);
            case "minimal" -> Optional.of(Effort.MINIMAL);
            case "low" -> Optional.of(Effort.LOW);
            case "medium" -> Optional.of(Effort.MEDIUM);
            case "high" -> Optional.of(Effort.HIGH);
            case "xhigh", "max" -> Optional.of(Effort.XHIGH);
            default -> Optional.empty();
        };
    }

    private static OptionalLong budget(JsonNode tokens) {
        return tokens.canConvertToLong() && tokens.asLong() >= 0
                ? OptionalLong.of(tokens.asLong())
                : OptionalLong.empty();
    }
}
