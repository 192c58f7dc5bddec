package dev.understudy.protocol.recovery;

import dev.understudy.protocol.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Counts the tokens of both parts of an answer: the caller sent one request and pays for both. */
final class SummedUsage {
    private static final String PROMPT = "prompt_tokens";
    private static final String COMPLETION = "completion_tokens";
    private static final String TOTAL = "total_tokens";

    /** Longer counts mean nothing, and their sum would not fit. */
    private static final int LONGEST = 18;

    private SummedUsage() {}

    /** The continuation's usage with the first part's added. What it does not count is not made up, nor are details. */
    static JsonValue.Obj of(JsonValue.Obj usage, DeliveredPart first) {
        long firstPrompt = first.promptTokens().orElse(0);
        OptionalLong prompt = count(usage, PROMPT);
        OptionalLong completion = count(usage, COMPLETION);
        OptionalLong total = count(usage, TOTAL);
        Map<String, JsonValue> members = new LinkedHashMap<>(usage.members());
        if (prompt.isPresent()) {
            members.put(PROMPT, number(prompt.getAsLong() + firstPrompt));
        }
        if (completion.isPresent()) {
            members.put(COMPLETION, number(completion.getAsLong() + first.completionTokens()));
        }
        if (prompt.isPresent() && completion.isPresent()) {
            members.put(
                    TOTAL,
                    number(prompt.getAsLong() + firstPrompt + completion.getAsLong() + first.completionTokens()));
        } else if (total.isPresent()) {
            members.put(TOTAL, number(total.getAsLong() + firstPrompt + first.completionTokens()));
        }
        return new JsonValue.Obj(members);
    }

    private static OptionalLong count(JsonValue.Obj usage, String name) {
        return usage.members().get(name) instanceof JsonValue.Num number
                        && number.spelling().length() <= LONGEST
                        && number.spelling().chars().allMatch(c -> c >= '0' && c <= '9')
                ? OptionalLong.of(Long.parseLong(number.spelling()))
                : OptionalLong.empty();
    }

    static JsonValue.Num number(long value) {
        return new JsonValue.Num(Long.toString(value));
    }
}
