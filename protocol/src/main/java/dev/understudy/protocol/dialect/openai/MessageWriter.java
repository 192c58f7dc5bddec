package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes turns as messages. Results of tools are messages of their own, before what else their turn says. */
final class MessageWriter {
    private final JsonGenerator json;
    private final String systemRole;

    MessageWriter(JsonGenerator json, String systemRole) {
        this.json = json;
        this.systemRole = systemRole;
    }

    void turn(Turn turn) throws IOException {
        switch (turn.role()) {
            case SYSTEM -> message(systemRole, turn.parts(), turn.name());
            case USER -> user(turn);
            case ASSISTANT -> assistant(turn);
        }
    }

    private void user(Turn turn) throws IOException {
        List<Part> rest = new ArrayList<>();
        List<Part> shown = new ArrayList<>();
        for (Part part : turn.parts()) {
            if (part instanceof Part.ToolResult result) {
                result(result, shown);
            } else {
                rest.add(part);
            }
        }
        // What a tool shows cannot be in its message, which takes words only.
        shown.addAll(rest);
        if (!shown.isEmpty()) {
            message("user", shown, turn.name());
        }
    }

    private void result(Part.ToolResult result, List<Part> shown) throws IOException {
        StringBuilder words = new StringBuilder();
        for (Part part : result.content()) {
            switch (part) {
                case Part.Text text -> words.append(words.isEmpty() ? "" : "\n").append(text.text());
                case Part.Media media -> shown.add(media);
                case Part.Foreign foreign ->
                    words.append(words.isEmpty() ? "" : "\n").append(foreign.json());
                default -> {
                    // No result has calls, thoughts or refusals in it.
                }
            }
        }
        json.writeStartObject();
        json.writeStringField("role", "tool");
        json.writeStringField("tool_call_id", result.id());
        json.writeStringField("content", words.isEmpty() && !shown.isEmpty() ? "(shown below)" : words.toString());
        json.writeEndObject();
    }

    private void message(String role, List<Part> parts, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", role);
        if (!name.isEmpty()) {
            json.writeStringField("name", name);
        }
        content(parts);
        json.writeEndObject();
    }

    /** Words alone are a string: many compatible servers take nothing else from the system. */
    private void content(List<Part> parts) throws IOException {
        if (parts.size() == 1 && parts.getFirst() instanceof Part.Text text) {
            json.writeStringField("content", text.text());
        } else if (parts.stream().allMatch(Part.Text.class::isInstance)) {
            json.writeStringField(
                    "content",
                    String.join(
                            "\n\n",
                            parts.stream()
                                    .map(part -> ((Part.Text) part).text())
                                    .toList()));
        } else {
            json.writeArrayFieldStart("content");
            for (Part part : parts) {
                part(part);
            }
            json.writeEndArray();
        }
    }

    private void part(Part part) throws IOException {
        switch (part) {
            case Part.Text text -> {
                json.writeStartObject();
                json.writeStringField("type", "text");
                json.writeStringField("text", text.text());
                json.writeEndObject();
            }
            case Part.Media media -> new MediaWriter(json).write(media);
            case Part.Foreign foreign -> json.writeRawValue(foreign.json());
            case Part.Refusal refusal -> {
                json.writeStartObject();
                json.writeStringField("type", "refusal");
                json.writeStringField("refusal", refusal.text());
                json.writeEndObject();
            }
            case Part.ToolCall call -> {}
            case Part.ToolResult result -> {}
            case Part.Thinking thinking -> {}
            case Part.CachePoint point -> {}
        }
    }

    private void assistant(Turn turn) throws IOException {
        List<Part> words = new ArrayList<>();
        List<Part> calls = new ArrayList<>();
        StringBuilder refusal = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        for (Part part : turn.parts()) {
            switch (part) {
                case Part.Text text -> words.add(text);
                case Part.ToolCall call -> calls.add(call);
                case Part.Foreign foreign -> calls.add(foreign);
                case Part.Refusal declined -> refusal.append(declined.text());
                case Part.Thinking thinking -> {
                    if (thinking.origin().equals(OpenAiDialect.NAME)) {
                        thoughts.append(thinking.text());
                    }
                }
                // A model's own pictures are shown to it by nobody: the place for media is the user's turn.
                case Part.Media media -> {}
                case Part.ToolResult result -> {}
                case Part.CachePoint point -> {}
            }
        }
        if (words.isEmpty() && calls.isEmpty() && refusal.isEmpty()) {
            return;
        }
        json.writeStartObject();
        json.writeStringField("role", "assistant");
        if (words.isEmpty()) {
            json.writeNullField("content");
        } else {
            content(words);
        }
        if (!refusal.isEmpty()) {
            json.writeStringField("refusal", refusal.toString());
        }
        // DeepSeek and others want the thoughts back that led to a call.
        if (!thoughts.isEmpty() && !calls.isEmpty()) {
            json.writeStringField("reasoning_content", thoughts.toString());
        }
        calls(calls);
        json.writeEndObject();
    }

    private void calls(List<Part> calls) throws IOException {
        if (calls.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tool_calls");
        for (Part part : calls) {
            if (part instanceof Part.ToolCall call) {
                CallWriter.open(json, call.id(), call.name(), arguments(call.arguments()), call.signature());
                json.writeEndObject();
            } else if (part instanceof Part.Foreign foreign) {
                json.writeRawValue(foreign.json());
            }
        }
        json.writeEndArray();
    }

    private static String arguments(String arguments) {
        return arguments.isBlank() || JsonTrees.of(arguments).isMissingNode() ? "{}" : arguments;
    }
}
