package dev.understudy.protocol.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.TreeMap;

/** One choice of an answer, put together from a message or from the deltas of a stream. */
final class AssembledChoice {
    private final StringBuilder text = new StringBuilder();
    private final TreeMap<Integer, AssembledToolCall> calls = new TreeMap<>();
    private boolean refused;
    private String finishReason = "";

    void take(JsonNode choice) {
        if (choice.path("finish_reason").isTextual()) {
            finishReason = choice.path("finish_reason").textValue();
        }
        message(choice.path("delta"));
        message(choice.path("message"));
    }

    private void message(JsonNode message) {
        JsonNode content = message.path("content");
        if (content.isTextual()) {
            text.append(content.textValue());
        }
        for (JsonNode part : content) {
            text.append(part.path("text").asText(""));
        }
        refused |= !message.path("refusal").asText("").isEmpty()
                && !message.path("refusal").isNull();
        int position = 0;
        for (JsonNode call : message.path("tool_calls")) {
            int index = call.path("index").isInt() ? call.path("index").intValue() : nextIndex(call, position);
            calls.computeIfAbsent(index, first -> new AssembledToolCall()).take(call);
            position++;
        }
        JsonNode function = message.path("function_call");
        if (function.isObject() && !function.isEmpty()) {
            calls.computeIfAbsent(-1, first -> new AssembledToolCall()).function(function);
        }
    }

    /** A few providers give no index: a new id is a new call, and the rest belongs to the last one. */
    private int nextIndex(JsonNode call, int position) {
        boolean another =
                position > 0 || calls.isEmpty() || !call.path("id").asText("").isEmpty();
        return another ? (calls.isEmpty() ? 0 : calls.lastKey() + 1) : calls.lastKey();
    }

    String text() {
        return text.toString();
    }

    Collection<AssembledToolCall> calls() {
        return calls.values();
    }

    boolean refused() {
        return refused;
    }

    /** Cut off by a limit on its length. */
    boolean cut() {
        return finishReason.equals("length");
    }
}
