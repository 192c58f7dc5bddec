package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.SpelledNumber;
import java.util.Locale;

/**
 * Whether a request asks for reasoning before the answer. It decides how long an attempt may stay without content before it
 * is late, so it is read from a few small members and never from the conversation. Unknown values, missing nodes included, have
 * no effect here, since the provider rejects them with its own error.
 */
public enum ReasoningChoice {
    /** The request does not say, so that the model's own default holds. */
    UNSAID,
    /** It asks for reasoning. */
    ON,
    /** It asks for none, or for so little that the first token comes as soon as without. */
    OFF;

    /** This choice, and where it says nothing, the other. */
    public ReasoningChoice or(ReasoningChoice other) {
        return this == UNSAID ? other : this;
    }

    /**
     * Two members of one request that may contradict each other: reasoning is assumed then, because a late mark that comes
     * too late costs less than one that comes too early.
     */
    public ReasoningChoice and(ReasoningChoice other) {
        return this == ON || other == ON ? ON : or(other);
    }

    /** An effort in a word, such as {@code reasoning_effort} or Gemini's {@code thinkingLevel}. */
    public static ReasoningChoice ofEffort(JsonNode value) {
        return switch (text(value)) {
            case "", "auto", "thinking_level_unspecified" -> UNSAID;
            case "none", "minimal", "off", "disabled", "disable" -> OFF;
            default -> ON;
        };
    }

    /** A switch such as {@code enable_thinking: true}. */
    public static ReasoningChoice ofSwitch(JsonNode value) {
        return value.isBoolean() ? (value.booleanValue() ? ON : OFF) : UNSAID;
    }

    /** A number of tokens: none for 0, and as the model sees fit for a negative one. */
    public static ReasoningChoice ofBudget(JsonNode value) {
        return SpelledNumber.value(value)
                .map(tokens -> tokens.signum() == 0 ? OFF : ON)
                .orElse(UNSAID);
    }

    /** Anthropic's {@code thinking: {type: enabled | adaptive | disabled}}, which others have taken over. */
    public static ReasoningChoice ofThinking(JsonNode value) {
        if (value.isObject()) {
            return switch (text(value.path("type"))) {
                case "enabled", "adaptive", "auto" -> ON;
                case "disabled" -> OFF;
                default -> UNSAID;
            };
        }
        return ofSwitch(value);
    }

    /** {@code reasoning: {enabled, effort, max_tokens}} of OpenRouter, of which OpenAI's Responses API has {@code effort}. */
    public static ReasoningChoice ofReasoning(JsonNode value) {
        return ofSwitch(value.path("enabled"))
                .or(ofEffort(value.path("effort")))
                .or(ofBudget(value.path("max_tokens")));
    }

    /**
     * Gemini's {@code thinkingConfig}, in both spellings: a budget or a level counts before {@code
     * includeThoughts}, which requests reasoning only if it is true.
     */
    public static ReasoningChoice ofThinkingConfig(JsonNode value) {
        ReasoningChoice stated = ofBudget(value.path("thinkingBudget"))
                .or(ofBudget(value.path("thinking_budget")))
                .or(ofEffort(value.path("thinkingLevel")))
                .or(ofEffort(value.path("thinking_level")));
        boolean shown = value.path("includeThoughts").booleanValue()
                || value.path("include_thoughts").booleanValue();
        return stated == UNSAID && shown ? ON : stated;
    }

    /** A way to understand a value. */
    @FunctionalInterface
    public interface Reading {
        ReasoningChoice of(JsonNode value);
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue().strip().toLowerCase(Locale.ROOT) : "";
    }
}
