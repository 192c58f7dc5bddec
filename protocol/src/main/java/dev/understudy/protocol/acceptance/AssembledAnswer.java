package dev.understudy.protocol.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.sse.SseEvents;
import java.util.Collection;
import java.util.TreeMap;

/** The choices of a complete answer of Chat Completions, from a whole body or from the events of a stream. */
final class AssembledAnswer {
    private final TreeMap<Integer, Choice> choices = new TreeMap<>();

    private AssembledAnswer() {}

    static AssembledAnswer whole(byte[] body) {
        AssembledAnswer answer = new AssembledAnswer();
        answer.take(JsonTrees.approximate(body, 0, body.length));
        return answer;
    }

    static AssembledAnswer streamed(byte[] events) {
        AssembledAnswer answer = new AssembledAnswer();
        SseEvents.each(
                events,
                0,
                events.length,
                event -> answer.take(JsonTrees.approximate(event.data(), event.dataOffset(), event.dataLength())));
        return answer;
    }

    private void take(JsonNode chunk) {
        int position = 0;
        for (JsonNode choice : chunk.path("choices")) {
            int index = choice.path("index").asInt(position);
            choices.computeIfAbsent(index, first -> new Choice()).take(choice);
            position++;
        }
    }

    Collection<Choice> choices() {
        return choices.values();
    }

    /** One choice, assembled from a message or from the deltas of a stream. */
    static final class Choice {
        private final StringBuilder text = new StringBuilder();
        private final TreeMap<Integer, ToolCall> calls = new TreeMap<>();
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
                calls.computeIfAbsent(index, first -> new ToolCall()).take(call);
                position++;
            }
            JsonNode function = message.path("function_call");
            if (function.isObject() && !function.isEmpty()) {
                calls.computeIfAbsent(-1, first -> new ToolCall()).function(function);
            }
        }

        /** A few providers send no index: a new id starts a new call, and everything else belongs to the last one. */
        private int nextIndex(JsonNode call, int position) {
            boolean another = position > 0
                    || calls.isEmpty()
                    || !call.path("id").asText("").isEmpty();
            return another ? (calls.isEmpty() ? 0 : calls.lastKey() + 1) : calls.lastKey();
        }

        String text() {
            return text.toString();
        }

        Collection<ToolCall> calls() {
            return calls.values();
        }

        boolean refused() {
            return refused;
        }

        /** Whether the output limit truncated it. */
        boolean cut() {
            return finishReason.equals("length");
        }
    }

    /** A tool call, whose arguments may arrive in pieces. */
    static final class ToolCall {
        private final StringBuilder arguments = new StringBuilder();
        private String name = "";
        private boolean custom;

        void take(JsonNode call) {
            function(call.path("function"));
            if (call.path("custom").isObject()) {
                custom = true;
                named(call.path("custom"));
            }
        }

        void function(JsonNode function) {
            named(function);
            JsonNode given = function.path("arguments");
            // Some local servers send an object instead of its text.
            arguments.append(given.isObject() ? given.toString() : given.asText(""));
        }

        private void named(JsonNode tool) {
            if (name.isEmpty()) {
                name = tool.path("name").asText("");
            }
        }

        String name() {
            return name;
        }

        /** Whether the arguments are a JSON object; those of a custom tool are free text. */
        boolean argumentsAreAnObject(CheckBudget budget) {
            budget.admitTree(arguments);
            return custom || JsonTrees.approximate(arguments.toString()).isObject();
        }
    }
}
