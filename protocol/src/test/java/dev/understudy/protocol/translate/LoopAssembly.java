package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.eventstream.EventStreamDecoder;
import dev.understudy.protocol.eventstream.EventStreamFrame;
import dev.understudy.protocol.eventstream.EventStreamHandler;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.sse.SseEvents;
import java.util.function.BiConsumer;

/** Puts a stream together to a whole answer as the vendors' SDKs do: from its events, and from nothing else. */
final class LoopAssembly {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private LoopAssembly() {}

    /** A whole answer of the dialect. */
    static JsonNode of(Dialect dialect, byte[] stream) {
        return switch (dialect.name()) {
            case "openai" -> chat(stream);
            case "anthropic" -> anthropic(stream);
            case "gemini" -> gemini(stream);
            case "bedrock" -> bedrock(stream);
            default -> responses(stream);
        };
    }

    private static JsonNode chat(byte[] stream) {
        ObjectNode message = NODES.objectNode();
        each(
                stream,
                (name, chunk) ->
                        accumulate(message, chunk.path("choices").path(0).path("delta")));
        message.path("tool_calls").forEach(call -> ((ObjectNode) call).remove("index"));
        message.path("thinking_blocks").forEach(block -> ((ObjectNode) block).remove("index"));
        ObjectNode answer = NODES.objectNode();
        answer.putArray("choices").addObject().set("message", message);
        return answer;
    }

    /** As {@code accumulate_delta} of openai-python does. */
    private static void accumulate(ObjectNode to, JsonNode delta) {
        delta.properties().forEach(member -> {
            String name = member.getKey();
            JsonNode value = member.getValue();
            JsonNode known = to.path(name);
            if (name.equals("index") || name.equals("type") || name.equals("role") || known.isNull()) {
                to.set(name, value);
            } else if (value instanceof ArrayNode list) {
                ArrayNode all = known instanceof ArrayNode before ? before : to.putArray(name);
                for (JsonNode each : list) {
                    ObjectNode item = null;
                    for (JsonNode one : all) {
                        if (one.path("index").equals(each.path("index"))) {
                            item = (ObjectNode) one;
                        }
                    }
                    accumulate(item == null ? all.addObject() : item, each);
                }
            } else if (value instanceof ObjectNode) {
                accumulate(known instanceof ObjectNode before ? before : to.putObject(name), value);
            } else if (value.isTextual() && known.isTextual()) {
                to.put(name, known.asText() + value.asText());
            } else if (!value.isNull() || known.isMissingNode()) {
                to.set(name, value);
            }
        });
    }

    private static JsonNode anthropic(byte[] stream) {
        ObjectNode answer = NODES.objectNode();
        ArrayNode content = answer.putArray("content");
        each(stream, (name, event) -> {
            switch (name) {
                case "content_block_start" -> content.add(event.path("content_block"));
                case "content_block_delta" -> {
                    ObjectNode block =
                            (ObjectNode) content.get(event.path("index").asInt());
                    JsonNode delta = event.path("delta");
                    for (String member : new String[] {"text", "thinking", "signature", "partial_json"}) {
                        if (delta.has(member)) {
                            block.put(
                                    member,
                                    block.path(member).asText("")
                                            + delta.path(member).asText());
                        }
                    }
                }
                case "content_block_stop" -> {
                    ObjectNode block =
                            (ObjectNode) content.get(event.path("index").asInt());
                    if (block.remove("partial_json") instanceof TextNode json) {
                        block.set("input", read(json.asText()));
                    }
                }
                default -> {}
            }
        });
        return answer;
    }

    private static JsonNode gemini(byte[] stream) {
        ObjectNode answer = NODES.objectNode();
        ObjectNode content = answer.putArray("candidates").addObject().putObject("content");
        content.put("role", "model");
        ArrayNode parts = content.putArray("parts");
        each(
                stream,
                (name, chunk) -> chunk.path("candidates")
                        .path(0)
                        .path("content")
                        .path("parts")
                        .forEach(part -> {
                            JsonNode last = parts.path(parts.size() - 1);
                            boolean continues = part.has("text")
                                    && last.has("text")
                                    && !part.has("thoughtSignature")
                                    && !last.has("thoughtSignature")
                                    && part.path("thought").equals(last.path("thought"));
                            if (continues) {
                                ((ObjectNode) last)
                                        .put(
                                                "text",
                                                last.path("text").asText()
                                                        + part.path("text").asText());
                            } else if (!part.path("text").asText("-").isEmpty()) {
                                parts.add(part);
                            }
                        }));
        return answer;
    }

    private static JsonNode bedrock(byte[] stream) {
        ObjectNode answer = NODES.objectNode();
        ObjectNode message = answer.putObject("output").putObject("message").put("role", "assistant");
        ArrayNode content = message.putArray("content");
        frames(stream, (name, frame) -> {
            int index = frame.path("contentBlockIndex").asInt();
            if (name.startsWith("contentBlock") && content.size() == index) {
                content.addObject();
            }
            JsonNode block = content.path(index);
            switch (name) {
                case "contentBlockStart" -> accumulate((ObjectNode) block, frame.path("start"));
                case "contentBlockDelta" -> {
                    JsonNode delta = frame.path("delta");
                    accumulate(
                            (ObjectNode) block,
                            delta.has("reasoningContent")
                                    ? NODES.objectNode()
                                            .set(
                                                    "reasoningContent",
                                                    NODES.objectNode()
                                                            .set("reasoningText", delta.path("reasoningContent")))
                                    : delta);
                }
                case "contentBlockStop" -> {
                    if (block.path("toolUse") instanceof ObjectNode call) {
                        call.set("input", read(call.path("input").asText("{}")));
                    }
                }
                default -> {}
            }
        });
        return answer;
    }

    private static JsonNode responses(byte[] stream) {
        ObjectNode answer = NODES.objectNode();
        ArrayNode output = answer.putArray("output");
        each(stream, (name, event) -> {
            if (name.equals("response.output_item.done")) {
                output.add(event.path("item"));
            }
        });
        return answer;
    }

    private static void each(byte[] stream, BiConsumer<String, JsonNode> to) {
        SseEvents.each(stream, 0, stream.length, event -> {
            String data = new String(event.data(), event.dataOffset(), event.dataLength(), UTF_8);
            if (data.startsWith("{")) {
                to.accept(event.name(), read(data));
            }
        });
    }

    private static void frames(byte[] stream, BiConsumer<String, JsonNode> to) {
        EventStreamDecoder decoder = new EventStreamDecoder(stream.length + 64);
        EventStreamHandler handler = new EventStreamHandler() {
            @Override
            public void frame(EventStreamFrame frame) {
                to.accept(frame.name(), read(new String(frame.data(), frame.dataOffset(), frame.dataLength(), UTF_8)));
            }

            @Override
            public void cut(byte[] array, int offset, int length) {
                throw new AssertionError("cut");
            }

            @Override
            public void malformed(String why) {
                throw new AssertionError(why);
            }
        };
        decoder.feed(stream, 0, stream.length, handler);
        decoder.end(handler);
    }

    /** What cannot be read was torn: arguments of a call in two pieces, for example. */
    private static JsonNode read(String json) {
        JsonNode read = JsonTrees.of(json);
        if (!read.isObject()) {
            throw new AssertionError("not an object: " + json);
        }
        return read;
    }
}
