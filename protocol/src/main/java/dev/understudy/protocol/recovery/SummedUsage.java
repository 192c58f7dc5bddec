package dev.understudy.protocol.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;

/** Counts the tokens of both parts of an answer: the caller sent one request and pays for both. */
final class SummedUsage {
    private static final String PROMPT = "prompt_tokens";
    private static final String COMPLETION = "completion_tokens";
    private static final String TOTAL = "total_tokens";

    /** Longer counts mean nothing, and their sum would not fit. */
    private static final int LONGEST = 18;

    private SummedUsage() {}

    /** Adds the first part's usage to the continuation's. What that does not count is not made up, nor are details. */
    static void add(DeliveredPart first, ObjectNode usage) {
        long firstPrompt = first.promptTokens().orElse(0);
        OptionalLong prompt = count(usage, PROMPT);
        OptionalLong completion = count(usage, COMPLETION);
        OptionalLong total = count(usage, TOTAL);
        if (prompt.isPresent()) {
            usage.put(PROMPT, prompt.getAsLong() + firstPrompt);
        }
        if (completion.isPresent()) {
            usage.put(COMPLETION, completion.getAsLong() + first.completionTokens());
        }
        if (prompt.isPresent() && completion.isPresent()) {
            usage.put(TOTAL, prompt.getAsLong() + firstPrompt + completion.getAsLong() + first.completionTokens());
        } else if (total.isPresent()) {
            usage.put(TOTAL, total.getAsLong() + firstPrompt + first.completionTokens());
        }
    }

    private static OptionalLong count(JsonNode usage, String name) {
        JsonNode number = usage.path(name);
        String spelling = number.isNumber() ? number.asText() : "";
        return !spelling.isEmpty()
                        && spelling.length() <= LONGEST
                        && spelling.chars().allMatch(c -> c >= '0' && c <= '9')
                ? OptionalLong.of(Long.parseLong(spelling))
                : OptionalLong.empty();
    }
}
