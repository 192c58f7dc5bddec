package dev.understudy.protocol.dialect.responses;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads a response object: the body of a whole answer, and a member of the first and last events of a stream. */
final class ResponseReader {
    private static final NameTable MEMBERS = NameTable.of(
            "id",
            "object",
            "created_at",
            "status",
            "error",
            "incomplete_details",
            "model",
            "output",
            "usage",
            "service_tier");
    private static final NameTable INCOMPLETE = NameTable.of("reason");

    private String id = "";
    private String object = "";
    private String model = "";
    private String serviceTier = "";
    private String status = "";
    private String reason = "";
    private String error = "";
    private long created = -1;
    private boolean hasOutput;
    private Tokens tokens = Tokens.NONE;
    private final List<OutputItem> items = new ArrayList<>();

    private ResponseReader() {}

    /** Reads the current object of the walk, with the output items. */
    static ResponseReader whole(JsonWalk walk) throws MalformedJson {
        ResponseReader reader = new ResponseReader();
        reader.members(walk, true);
        return reader;
    }

    /** The same without the items, which the stream has sent one by one. */
    static ResponseReader frame(JsonWalk walk) throws MalformedJson {
        ResponseReader reader = new ResponseReader();
        reader.members(walk, false);
        return reader;
    }

    private void members(JsonWalk walk, boolean withItems) throws MalformedJson {
        walk.object(MEMBERS, name -> {
            switch (name) {
                case "id" -> id = walk.text();
                case "object" -> object = walk.text();
                case "created_at" -> created = walk.whole(-1);
                case "status" -> status = walk.text();
                case "error" -> {
                    if (walk.token() == Token.START_OBJECT || walk.token() == Token.STRING) {
                        error = walk.json();
                    }
                }
                case "incomplete_details" -> incomplete(walk);
                case "model" -> model = walk.text();
                case "output" -> {
                    hasOutput = true;
                    if (withItems) {
                        walk.array(() -> items.add(OutputItem.read(walk)));
                    }
                }
                case "usage" -> tokens = UsageReader.read(walk);
                case "service_tier" -> serviceTier = walk.text();
                default -> {}
            }
        });
    }

    private void incomplete(JsonWalk walk) throws MalformedJson {
        walk.object(INCOMPLETE, name -> {
            if (!name.isEmpty()) {
                reason = walk.text();
            }
        });
    }

    String id() {
        return id;
    }

    String model() {
        return model;
    }

    String serviceTier() {
        return serviceTier;
    }

    OptionalLong created() {
        return created < 0 ? OptionalLong.empty() : OptionalLong.of(created);
    }

    Tokens tokens() {
        return tokens;
    }

    List<OutputItem> items() {
        return items;
    }

    FinishReasons.Status ending() {
        return new FinishReasons.Status(status, reason);
    }

    boolean isResponse() {
        return hasOutput || object.equals("response");
    }

    boolean isFailed() {
        return !error.isEmpty() || status.equals("failed");
    }

    /** The failure that the response reports. */
    Failure failure() {
        byte[] body = ("{\"error\":" + (error.isEmpty() ? "{\"message\":\"The response failed\"}" : error) + "}")
                .getBytes(StandardCharsets.UTF_8);
        return Classifier.inBand(body, 0, body.length);
    }

    /** An output item as it is read. */
    static final class OutputItem {
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
        private final List<String> reasoning = new ArrayList<>();
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

        /** A part of a message, of a summary, or of a full reasoning text. */
        private void part(JsonWalk walk) throws MalformedJson {
            int start = walk.cursor().start();
            PartReading part = new PartReading();
            walk.object(PART, member -> {
                switch (member) {
                    case "type" -> part.type = walk.text();
                    case "text" -> part.text = walk.text();
                    case "refusal" -> part.refusal = walk.text();
                    case "annotations" -> walk.array(() -> part.citations.add(Annotations.of(walk.json())));
                    case "logprobs" -> part.logprobs = Annotations.Logprobs.items(walk.json());
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
                case "summary_text", "reasoning_text" -> reasoning.add(part.text);
                case "" -> {}
                default ->
                    content.add(new Part.Foreign(
                            ResponsesDialect.NAME,
                            part.type,
                            "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[" + walk.since(start) + "]}"));
            }
        }

        private static final class PartReading {
            private String type = "";
            private String text = "";
            private String refusal = "";
            private String logprobs = "";
            private final List<Part.Citation> citations = new ArrayList<>();
        }

        /** Whether the item has a meaning only in this dialect. */
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

        /** The id that the function output refers to; some servers have one id for both. */
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

        /** Keeps the JSON of an item that only this dialect has. */
        void keep(String whole) {
            json = whole;
        }

        /** The items of the lists of log probabilities. */
        List<String> logprobs() {
            return logprobs;
        }

        /** The content in the neutral form. */
        List<Part> parts() {
            return switch (type) {
                case "message" -> content;
                case "function_call" -> List.of(Part.ToolCall.of(callId(), name, arguments));
                case "reasoning" -> {
                    String text = String.join("\n\n", reasoning);
                    yield text.isEmpty() && encrypted.isEmpty()
                            ? List.of()
                            : List.of(new Part.Reasoning(text, id, encrypted, ResponsesDialect.NAME));
                }
                default -> List.of(new Part.Foreign(ResponsesDialect.NAME, type, json));
            };
        }
    }
}
