package dev.understudy.protocol.dialect;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonValue;
import dev.understudy.protocol.json.Members;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a request asks for reasoning before the answer. It decides how long an attempt may stay without content before it
 * is late, so it is read from a few small members and never from the conversation; unknown
 * values have no effect here, since the provider rejects them with its own error.
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

    /** The value of a member of the request as a small tree; empty for values that are too deep to be settings. */
    public static Optional<JsonValue> valueOf(Members members, int index) {
        try {
            return Optional.of(members.value(index));
        } catch (BadRequest tooDeep) {
            // The provider says what is wrong with it.
            return Optional.empty();
        }
    }

    /** An effort in a word, such as {@code reasoning_effort} or Gemini's {@code thinkingLevel}. */
    public static ReasoningChoice ofEffort(JsonValue value) {
        return switch (text(value)) {
            case "", "auto", "thinking_level_unspecified" -> UNSAID;
            case "none", "minimal", "off", "disabled", "disable" -> OFF;
            default -> ON;
        };
    }

    /** A switch such as {@code enable_thinking: true}. */
    public static ReasoningChoice ofSwitch(JsonValue value) {
        return value instanceof JsonValue.Bool(boolean on) ? (on ? ON : OFF) : UNSAID;
    }

    /** A number of tokens: none for 0, and as the model sees fit for a negative one. */
    public static ReasoningChoice ofBudget(JsonValue value) {
        return value instanceof JsonValue.Num number
                ? number.value().map(tokens -> tokens.signum() == 0 ? OFF : ON).orElse(UNSAID)
                : UNSAID;
    }

    /** Anthropic's {@code thinking: {type: enabled | adaptive | disabled}}, which others have taken over. */
    public static ReasoningChoice ofThinking(JsonValue value) {
        if (value instanceof JsonValue.Obj thinking) {
            return switch (text(thinking, "type")) {
                case "enabled", "adaptive", "auto" -> ON;
                case "disabled" -> OFF;
                default -> UNSAID;
            };
        }
        return ofSwitch(value);
    }

    /** {@code reasoning: {enabled, effort, max_tokens}} of OpenRouter, of which OpenAI's Responses API has {@code effort}. */
    public static ReasoningChoice ofReasoning(JsonValue value) {
        if (!(value instanceof JsonValue.Obj reasoning)) {
            return UNSAID;
        }
        return member(reasoning, "enabled", ReasoningChoice::ofSwitch)
                .or(member(reasoning, "effort", ReasoningChoice::ofEffort))
                .or(member(reasoning, "max_tokens", ReasoningChoice::ofBudget));
    }

    /**
     * Gemini's {@code thinkingConfig}, in both spellings: a budget or a level counts before {@code
     * includeThoughts}, which requests reasoning only if it is true.
     */
    public static ReasoningChoice ofThinkingConfig(JsonValue value) {
        if (!(value instanceof JsonValue.Obj config)) {
            return UNSAID;
        }
        ReasoningChoice stated = member(config, "thinkingBudget", ReasoningChoice::ofBudget)
                .or(member(config, "thinking_budget", ReasoningChoice::ofBudget))
                .or(member(config, "thinkingLevel", ReasoningChoice::ofEffort))
                .or(member(config, "thinking_level", ReasoningChoice::ofEffort));
        boolean shown = member(config, "includeThoughts", ReasoningChoice::ofSwitch) == ON
                || member(config, "include_thoughts", ReasoningChoice::ofSwitch) == ON;
        return stated == UNSAID && shown ? ON : stated;
    }

    /** What a way of reading says of an object's member. */
    public static ReasoningChoice member(JsonValue.Obj object, String name, Reading reading) {
        return object.get(name).map(reading::of).orElse(UNSAID);
    }

    /** A way to understand a value. */
    @FunctionalInterface
    public interface Reading {
        ReasoningChoice of(JsonValue value);
    }

    private static String text(JsonValue.Obj object, String name) {
        return object.get(name).map(ReasoningChoice::text).orElse("");
    }

    private static String text(JsonValue value) {
        return value instanceof JsonValue.Text(String text) ? text.strip().toLowerCase(Locale.ROOT) : "";
    }
}
