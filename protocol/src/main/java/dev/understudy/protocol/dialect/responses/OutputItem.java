package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.List;

/** One item of an answer's output, as it is read. */
final class OutputItem {
    private static final NameTable MEMBERS =
            NameTable.of("type", "id", "call_id", "name", "arguments", "encrypted_content", "summary", "content");
    private static final NameTable PART = NameTable.of("type", "text", "refusal", "annotations", "logprobs");

    private String type = "";
    private String id = "";
    private String callId = "";
    private String name = "";
    private String arguments = "";
    private String encrypted = "";
    private String json = "";
    private final List<String> thoughts = new ArrayList<>();
    private final List<Part> content = new ArrayList<>();
    private final List<String> logprobs = new ArrayList<>();

    private OutputItem() {}

    static OutputItem read(JsonWalk walk) throws MalformedJson {
        OutputItem item = new OutputItem();
        item.members(walk);
        return item;
    }

    private void members(JsonWalk walk) throws MalformedJson {
        walk.object(MEMBERS, member -> {
            switch (member) {
                case "type" -> type = walk.text();
                case "id" -> id = walk.text();
                case "call_id" -> callId = walk.text();
                case "name" -> name = walk.text();
                case "arguments" -> arguments = walk.text();
                case "encrypted_content" -> encrypted = walk.text();
                case "summary", "content" -> walk.array(() -> part(walk));
                default -> {}
            }
        });
    }

    /** A part of a message's content, or of a summary, or of thoughts in full. */
    private void part(JsonWalk walk) throws MalformedJson {
        PartReading part = new PartReading();
        walk.object(PART, member -> {
            switch (member) {
                case "type" -> part.type = walk.text();
                case "text" -> part.text = walk.text();
                case "refusal" -> part.refusal = walk.text();
                case "annotations" -> walk.array(() -> part.citations.add(Citations.of(walk.json())));
                case "logprobs" -> part.logprobs = Logprobs.items(walk.json());
                default -> {}
            }
        });
        switch (part.type) {
            case "output_text" -> {
                content.add(new Part.Text(part.text, part.citations));
                if (!part.logprobs.isEmpty()) {
                    logprobs.add(part.logprobs);
                }
            }
            case "refusal" -> content.add(new Part.Refusal(part.refusal));
            case "summary_text", "reasoning_text" -> thoughts.add(part.text);
            default -> {}
        }
    }

    private static final class PartReading {
        private String type = "";
        private String text = "";
        private String refusal = "";
        private String logprobs = "";
        private final List<Part.Citation> citations = new ArrayList<>();
    }

    /** Whether only this dialect has such items. */
    boolean isForeign() {
        return switch (type) {
            case "message", "function_call", "reasoning" -> false;
            default -> true;
        };
    }

    boolean isCall() {
        return type.equals("function_call");
    }

    boolean isReasoning() {
        return type.equals("reasoning");
    }

    String type() {
        return type;
    }

    String id() {
        return id;
    }

    /** By which the result names the call; some servers have one id for both. */
    String callId() {
        return callId.isEmpty() ? id : callId;
    }

    String name() {
        return name;
    }

    String arguments() {
        return arguments;
    }

    String encrypted() {
        return encrypted;
    }

    /** Keeps the whole of an item that only this dialect has. */
    void keep(String whole) {
        json = whole;
    }

    /** The items of the lists of probabilities. */
    List<String> logprobs() {
        return logprobs;
    }

    /** What it says. */
    List<Part> parts() {
        return switch (type) {
            case "message" -> content;
            case "function_call" -> List.of(Part.ToolCall.of(callId(), name, arguments));
            case "reasoning" -> {
                String text = String.join("\n\n", thoughts);
                yield text.isEmpty() && encrypted.isEmpty()
                        ? List.of()
                        : List.of(new Part.Reasoning(text, id, encrypted, ResponsesDialect.NAME));
            }
            default -> List.of(new Part.Foreign(ResponsesDialect.NAME, type, json));
        };
    }
}
