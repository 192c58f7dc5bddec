package dev.understudy.protocol.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.sse.SseDecoder;
import dev.understudy.protocol.sse.SseEvent;
import dev.understudy.protocol.sse.SseHandler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns chat completions into answers of Ollama's own API: whole ones into an object, streams into one object per line.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">Ollama API</a>
 */
public final class OllamaAnswer implements SseHandler {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** As long as the largest event that is read from a provider. */
    private static final int LARGEST_EVENT = 64 * 1024 * 1024;

    private final SseDecoder decoder = new SseDecoder(LARGEST_EVENT);
    private final boolean generates;
    private final long began = System.nanoTime();
    private ByteArrayOutputStream lines = new ByteArrayOutputStream();

    private final Map<Integer, PartialCall> calls = new TreeMap<>();
    private String model = "";
    private String reason = "";
    private JsonNode usage = NODES.missingNode();
    private boolean failed;

    /** A tool call of a stream, as far as it has come. */
    private static final class PartialCall {
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    /** @param generates whether the answer is to {@code /api/generate}, which has a text and no message */
    public OllamaAnswer(boolean generates) {
        this.generates = generates;
    }

    /** A whole chat completion. */
    public byte[] whole(byte[] completion) {
        JsonNode answer = JsonTrees.approximate(completion, 0, completion.length);
        JsonNode choice = answer.path("choices").path(0);
        model = answer.path("model").asText("");
        reason = choice.path("finish_reason").asText("stop");
        usage = answer.path("usage");
        JsonNode message = choice.path("message");
        ObjectNode line = line(message.path("content").asText(""), reasoning(message));
        ArrayNode written = NODES.arrayNode();
        for (JsonNode call : message.path("tool_calls")) {
            written.add(call(
                    call.path("function").path("name").asText(""),
                    call.path("function").path("arguments").asText("")));
        }
        addCalls(line, written);
        return ended(line);
    }

    /** The embeddings of OpenAI's answer. */
    public static byte[] embeddings(byte[] answer) {
        JsonNode from = JsonTrees.approximate(answer, 0, answer.length);
        ObjectNode to = NODES.objectNode();
        to.put("model", from.path("model").asText(""));
        ArrayNode vectors = to.putArray("embeddings");
        from.path("data").forEach(each -> vectors.add(each.path("embedding")));
        to.put("prompt_eval_count", from.path("usage").path("prompt_tokens").asLong());
        return to.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** An error of OpenAI's form. */
    public static byte[] error(byte[] error) {
        JsonNode from = JsonTrees.approximate(error, 0, error.length);
        ObjectNode to = NODES.objectNode();
        to.put("error", from.path("error").path("message").asText("the call failed"));
        return to.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The lines of all events that are complete with these bytes of the stream. */
    public byte[] lines(byte[] events) {
        decoder.feed(events, 0, events.length, this);
        byte[] complete = lines.toByteArray();
        lines = new ByteArrayOutputStream();
        return complete;
    }

    /** The last line of a stream, with its tool calls and its usage; nothing behind an error. */
    public byte[] lastLine() {
        if (failed || model.isEmpty()) {
            return new byte[0];
        }
        ObjectNode line = line("", "");
        ArrayNode written = NODES.arrayNode();
        calls.values().forEach(call -> written.add(call(call.name, call.arguments.toString())));
        addCalls(line, written);
        byte[] last = ended(line);
        byte[] withBreak = Arrays.copyOf(last, last.length + 1);
        withBreak[last.length] = '\n';
        return withBreak;
    }

    @Override
    public void event(SseEvent event) {
        JsonNode chunk = JsonTrees.approximate(event.data(), event.dataOffset(), event.dataLength());
        if (chunk.path("error").isObject()) {
            failed = true;
            ObjectNode line = NODES.objectNode();
            line.put("error", chunk.path("error").path("message").asText("the stream broke off"));
            write(line);
            return;
        }
        model = model.isEmpty() ? chunk.path("model").asText("") : model;
        if (chunk.path("usage").isObject()) {
            usage = chunk.path("usage");
        }
        JsonNode choice = chunk.path("choices").path(0);
        reason = choice.path("finish_reason").asText(reason);
        JsonNode delta = choice.path("delta");
        for (JsonNode call : delta.path("tool_calls")) {
            int index = call.path("index").asInt();
            PartialCall known = calls.computeIfAbsent(index, first -> new PartialCall());
            known.arguments.append(call.path("function").path("arguments").asText(""));
            String name = call.path("function").path("name").asText("");
            known.name = name.isEmpty() ? known.name : name;
        }
        String text = delta.path("content").asText("");
        String reasoning = reasoning(delta);
        if (!text.isEmpty() || !reasoning.isEmpty()) {
            write(line(text, reasoning).put("done", false));
        }
    }

    private static String reasoning(JsonNode message) {
        String text = message.path("reasoning_content").asText("");
        return text.isEmpty() ? message.path("reasoning").asText("") : text;
    }

    private ObjectNode line(String text, String reasoning) {
        ObjectNode line = NODES.objectNode();
        line.put("model", model).put("created_at", Instant.now().toString());
        ObjectNode holder = line;
        if (generates) {
            line.put("response", text);
        } else {
            holder = line.putObject("message").put("role", "assistant").put("content", text);
        }
        if (!reasoning.isEmpty()) {
            holder.put("thinking", reasoning);
        }
        return line;
    }

    private static ObjectNode call(String name, String arguments) {
        ObjectNode call = NODES.objectNode();
        ObjectNode function = call.putObject("function").put("name", name);
        JsonNode parsed = JsonTrees.of(arguments);
        // A server that writes no arguments means none; broken ones stay what they are.
        function.set(
                "arguments",
                parsed.isObject() ? parsed : arguments.isBlank() ? NODES.objectNode() : NODES.textNode(arguments));
        return call;
    }

    private void addCalls(ObjectNode line, ArrayNode written) {
        if (!written.isEmpty() && line.get("message") instanceof ObjectNode message) {
            message.set("tool_calls", written);
        }
    }

    private byte[] ended(ObjectNode line) {
        line.put("done", true).put("done_reason", reason.equals("length") ? "length" : "stop");
        line.put("total_duration", System.nanoTime() - began);
        if (usage.isObject()) {
            line.put("prompt_eval_count", usage.path("prompt_tokens").asLong());
            line.put("eval_count", usage.path("completion_tokens").asLong());
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void write(ObjectNode line) {
        lines.writeBytes(line.toString().getBytes(StandardCharsets.UTF_8));
        lines.write('\n');
    }

    @Override
    public void ping(byte[] array, int offset, int length) {
        // Comments have no form here.
    }

    @Override
    public void cut(byte[] array, int offset, int length) {
        // The gateway writes whole events.
    }

    @Override
    public void overflow(int limit) {
        // No provider's event is as long.
    }
}
