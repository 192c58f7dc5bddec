package dev.understudy.protocol.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns requests of Ollama's own API ({@code /api/chat}, {@code /api/generate}, {@code /api/embed}) into requests of OpenAI's.
 *
 * <p>Members that Ollama does not have are kept, so fallback options work as everywhere. Those that only a local server can
 * honour ({@code keep_alive}, {@code raw}, most {@code options}) are left out.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">Ollama API</a>
 */
public final class OllamaRequest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Ollama's options that OpenAI has too, by OpenAI's names. */
    private static final Map<String, String> OPTIONS = Map.of(
            "temperature", "temperature",
            "top_p", "top_p",
            "num_predict", "max_tokens",
            "stop", "stop",
            "seed", "seed",
            "frequency_penalty", "frequency_penalty",
            "presence_penalty", "presence_penalty");

    private static final Set<String> OLLAMAS = Set.of(
            "messages",
            "prompt",
            "system",
            "images",
            "suffix",
            "format",
            "options",
            "stream",
            "keep_alive",
            "think",
            "template",
            "raw",
            "context",
            "truncate",
            "logprobs",
            "top_logprobs");

    private OllamaRequest() {}

    /**
     * A chat, or the completion of a prompt, as a chat completion.
     *
     * @throws BadRequest if it is not a JSON object within the limits
     */
    public static byte[] asChat(byte[] body, BodyLimits limits) throws BadRequest {
        ObjectNode from = read(body, limits);
        ObjectNode chat = kept(from);
        boolean stream = from.path("stream").asBoolean(true);
        chat.set("messages", from.has("messages") ? messages(from.path("messages")) : prompt(from));
        chat.put("stream", stream);
        if (stream) {
            chat.putObject("stream_options").put("include_usage", true);
        }
        from.path("options").properties().forEach(option -> {
            String name = OPTIONS.get(option.getKey());
            boolean unlimited =
                    option.getKey().equals("num_predict") && option.getValue().asLong() <= 0;
            if (name != null && !unlimited) {
                chat.set(name, option.getValue());
            }
        });
        format(from.path("format"), chat);
        think(from.path("think"), chat);
        return bytes(chat);
    }

    /** Levels are OpenAI's efforts; {@code true} leaves the level to the model. */
    private static void think(JsonNode think, ObjectNode chat) {
        String level = think.isBoolean() || think.isTextual() ? think.asText() : "";
        switch (level) {
            case "" -> {
                // Nothing is said about reasoning.
            }
            case "true" -> chat.put("reasoning_effort", "medium");
            case "false" -> chat.put("reasoning_effort", "none");
            default -> chat.put("reasoning_effort", level);
        }
    }

    /**
     * Texts to embed.
     *
     * @throws BadRequest if it is not a JSON object within the limits
     */
    public static byte[] asEmbeddings(byte[] body, BodyLimits limits) throws BadRequest {
        ObjectNode from = read(body, limits);
        ObjectNode embeddings = kept(from);
        embeddings.put("encoding_format", "float");
        return bytes(embeddings);
    }

    private static ObjectNode read(byte[] body, BodyLimits limits) throws BadRequest {
        Members.scan(body, limits);
        return (ObjectNode) JsonTrees.read(body);
    }

    private static ObjectNode kept(ObjectNode from) {
        ObjectNode kept = NODES.objectNode();
        from.properties().forEach(member -> {
            if (!OLLAMAS.contains(member.getKey())) {
                kept.set(member.getKey(), member.getValue());
            }
        });
        return kept;
    }

    private static ArrayNode prompt(ObjectNode from) {
        ArrayNode messages = NODES.arrayNode();
        if (!from.path("system").asText("").isEmpty()) {
            messages.addObject().put("role", "system").set("content", from.path("system"));
        }
        ObjectNode user = messages.addObject().put("role", "user");
        user.set("content", content(from.path("prompt").asText(""), from.path("images")));
        return messages;
    }

    private static ArrayNode messages(JsonNode messages) {
        ArrayNode written = NODES.arrayNode();
        List<OpenCall> openCalls = new ArrayList<>();
        int calls = 0;
        for (JsonNode message : messages) {
            ObjectNode each = written.addObject();
            String role = message.path("role").asText("user");
            each.put("role", role);
            each.set("content", content(message.path("content").asText(""), message.path("images")));
            if (role.equals("assistant") && !message.path("thinking").asText("").isEmpty()) {
                // The name that most servers give it; it is left out where the target does not accept it.
                each.set("reasoning_content", message.path("thinking"));
            }
            JsonNode called = message.path("tool_calls");
            if (called.isArray() && !called.isEmpty()) {
                ArrayNode toolCalls = each.putArray("tool_calls");
                for (JsonNode call : called) {
                    // Most of Ollama's calls have no ids.
                    String id = call.path("id").asText("call_" + calls++);
                    String name = call.path("function").path("name").asText("");
                    openCalls.add(new OpenCall(id, name));
                    ObjectNode function = toolCalls
                            .addObject()
                            .put("id", id)
                            .put("type", "function")
                            .putObject("function");
                    function.put("name", name);
                    function.put(
                            "arguments", call.path("function").path("arguments").toString());
                }
            }
            if (role.equals("tool")) {
                String id = answered(openCalls, message);
                each.put("tool_call_id", id.isEmpty() ? "call_" + calls++ : id);
            }
        }
        return written;
    }

    /** A call that has no result yet. */
    private record OpenCall(String id, String name) {}

    /** The call that a result belongs to: the one that it names by id, or the first of its tool, or the first of all. */
    private static String answered(List<OpenCall> open, JsonNode result) {
        String id = result.path("tool_call_id").asText("");
        String name = result.path("tool_name").asText("");
        OpenCall call = open.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .or(() -> open.stream().filter(each -> each.name().equals(name)).findFirst())
                .or(() -> open.stream().findFirst())
                .orElse(new OpenCall(id, name));
        open.remove(call);
        return call.id();
    }

    private static JsonNode content(String text, JsonNode images) {
        if (!images.isArray() || images.isEmpty()) {
            return NODES.textNode(text);
        }
        ArrayNode parts = NODES.arrayNode();
        parts.addObject().put("type", "text").put("text", text);
        for (JsonNode image : images) {
            String base64 = image.asText("");
            parts.addObject()
                    .put("type", "image_url")
                    .putObject("image_url")
                    .put("url", "data:" + mediaType(base64) + ";base64," + base64);
        }
        return parts;
    }

    /** By the first bytes of the formats that models read. */
    private static String mediaType(String base64) {
        if (base64.startsWith("/9j/")) {
            return "image/jpeg";
        }
        if (base64.startsWith("R0lG")) {
            return "image/gif";
        }
        return base64.startsWith("UklG") ? "image/webp" : "image/png";
    }

    private static void format(JsonNode format, ObjectNode chat) {
        if (format.isObject()) {
            ObjectNode schema =
                    chat.putObject("response_format").put("type", "json_schema").putObject("json_schema");
            schema.put("name", "answer").set("schema", format);
        } else if (format.asText("").equals("json")) {
            chat.putObject("response_format").put("type", "json_object");
        }
    }

    private static byte[] bytes(ObjectNode request) {
        return request.toString().getBytes(StandardCharsets.UTF_8);
    }
}
