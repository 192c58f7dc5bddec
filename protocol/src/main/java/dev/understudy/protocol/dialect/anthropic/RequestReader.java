package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a request. Members that only Anthropic has are kept as they are. */
final class RequestReader {
    private static final Set<String> READ = Set.of(
            "model",
            "messages",
            "system",
            "max_tokens",
            "metadata",
            "service_tier",
            "stop_sequences",
            "stream",
            "temperature",
            "top_p",
            "top_k",
            "thinking",
            "tools",
            "tool_choice",
            "output_config",
            "output_format");

    private final JsonFields body;

    private RequestReader(JsonFields body) {
        this.body = body;
    }

    static NeutralRequest read(byte[] body) throws BadRequest {
        JsonNode tree = JsonTrees.read(body);
        if (!tree.isObject()) {
            throw BadRequest.notJson("The request body must be a JSON object.");
        }
        return new RequestReader(JsonFields.of(tree, "")).request();
    }

    private NeutralRequest request() throws BadRequest {
        JsonFields metadata = body.at("metadata");
        return new NeutralRequest.Builder(turns())
                        .tools(ToolsReader.read(body.get("tools"), body.at("tool_choice")))
                        .output(output())
                        .sampling(sampling())
                        .reasoning(ReasoningPlan.ReasoningSetting.read(
                                body.at("thinking"), body.at("output_config").text("effort")))
                        .stream(body.optionalFlag("stream").orElse(false))
                        .usageInStream(true)
                        .user(metadata.text("user_id"))
                        .metadata(labels(metadata.json()))
                        .serviceTier(tier(body.text("service_tier")))
                        .others(others())
                        .build();
    }

    private List<Turn> turns() throws BadRequest {
        JsonNode messages = body.get("messages");
        if (messages.isMissingNode()) {
            throw RequestFactsReader.noMessages();
        }
        if (!messages.isArray()) {
            throw body.wrongMember("messages", "a list of messages");
        }
        List<Turn> turns = new ArrayList<>();
        List<Part> system = BlockReader.parts(body.get("system"), "system");
        if (!system.isEmpty()) {
            turns.add(Turn.of(Role.SYSTEM, system));
        }
        for (int i = 0; i < messages.size(); i++) {
            turns.add(turn(JsonFields.lenient(messages.get(i), "messages[" + i + "]")));
        }
        return turns;
    }

    private static Turn turn(JsonFields message) throws BadRequest {
        Role role = switch (message.text("role")) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            // Instructions between other turns, which the newest models accept.
            case "system" -> Role.SYSTEM;
            default -> throw message.wrongMember("role", "\"user\" or \"assistant\"");
        };
        if (!message.has("content")) {
            throw message.missing("content");
        }
        return Turn.of(role, BlockReader.parts(message.get("content"), message.path("content")));
    }

    private Sampling sampling() throws BadRequest {
        OptionalLong maxTokens = body.integer("max_tokens");
        if (maxTokens.isEmpty()) {
            throw RequestFactsReader.noMaxTokens();
        }
        if (maxTokens.getAsLong() <= 0) {
            throw RequestFactsReader.notPositive();
        }
        return new Sampling.Builder()
                .maxTokens(maxTokens)
                .temperature(body.number("temperature"))
                .topP(body.number("top_p"))
                .topK(body.integer("top_k"))
                .stop(body.strings("stop_sequences"))
                .build();
    }

    /** {@code output_format} is the older place of the format. */
    private ResponseFormat output() {
        JsonFields format = body.at("output_config").at("format");
        if (!format.json().isObject()) {
            format = body.at("output_format");
        }
        JsonNode schema = format.get("schema");
        return format.text("type").equals("json_schema")
                ? new ResponseFormat.Schema(
                        "", "", schema.isObject() ? schema : JsonTrees.emptyObject(), Optional.of(true))
                : new ResponseFormat.Text();
    }

    private static Map<String, String> labels(JsonNode metadata) {
        Map<String, String> labels = new HashMap<>();
        metadata.properties().forEach(member -> {
            if (!member.getKey().equals("user_id") && member.getValue().isTextual()) {
                labels.put(member.getKey(), member.getValue().textValue());
            }
        });
        return labels;
    }

    private List<NeutralRequest.Other> others() {
        List<NeutralRequest.Other> others = new ArrayList<>();
        body.json().properties().forEach(member -> {
            if (!READ.contains(member.getKey()) && !member.getValue().isNull()) {
                others.add(other(member.getKey(), member.getValue()));
            }
        });
        if (body.get("output_config") instanceof ObjectNode config) {
            ObjectNode rest = config.deepCopy().without(List.of("effort", "format"));
            if (!rest.isEmpty()) {
                others.add(other("output_config", rest));
            }
        }
        return others;
    }

    private static NeutralRequest.Other other(String name, JsonNode value) {
        return new NeutralRequest.Other(AnthropicDialect.NAME, name, value.toString());
    }

    /** Reads {@code tools} and {@code tool_choice}. */
    static final class ToolsReader {

        private ToolsReader() {}

        static Tools read(JsonNode tools, JsonFields choice) throws BadRequest {
            if (!tools.isMissingNode() && !tools.isArray()) {
                throw JsonFields.wrong("tools", "a list of tools");
            }
            List<Tools.Tool> read = new ArrayList<>();
            for (int i = 0; i < tools.size(); i++) {
                read.add(tool(tools.get(i), "tools[" + i + "]"));
            }
            return new Tools(
                    read,
                    choice(choice),
                    choice.optionalFlag("disable_parallel_tool_use").map(alone -> !alone));
        }

        private static Tools.Tool tool(JsonNode json, String field) throws BadRequest {
            if (!json.isObject()) {
                throw JsonFields.wrong(field, "a tool, such as {\"name\": …}");
            }
            JsonFields tool = JsonFields.of(json, field);
            String type = tool.text("type");
            if (!type.isEmpty() && !type.equals("custom")) {
                return new Tools.ForeignTool(AnthropicDialect.NAME, type, json.toString());
            }
            if (tool.text("name").isEmpty()) {
                throw tool.missing("name");
            }
            JsonNode schema = tool.get("input_schema");
            return new Tools.Function(
                    tool.text("name"),
                    tool.text("description"),
                    schema.isObject() ? schema : JsonTrees.emptyObject(),
                    tool.optionalFlag("strict"),
                    tool.get("cache_control").isObject()
                            ? Optional.of(
                                    new Part.CachePoint(tool.at("cache_control").text("ttl")))
                            : Optional.empty());
        }

        private static Optional<Tools.Choice> choice(JsonFields choice) throws BadRequest {
            if (choice.json().isMissingNode()) {
                return Optional.empty();
            }
            return Optional.of(
                    switch (choice.text("type")) {
                        case "auto" -> new Tools.Choice.Auto();
                        case "any" -> new Tools.Choice.Any();
                        case "none" -> new Tools.Choice.None();
                        case "tool" -> new Tools.Choice.Named(choice.text("name"));
                        default -> throw choice.wrongMember("type", "\"auto\", \"any\", \"tool\" or \"none\"");
                    });
        }
    }

    /**
     * Reads the content of a request: a string, or a list of blocks. A {@code cache_control} becomes a cache point after
     * its block. A block of a type that only Anthropic has is kept whole, with its cache point.
     */
    static final class BlockReader {
        private final List<Part> parts = new ArrayList<>();

        private BlockReader() {}

        /** @param field the path of the content, for errors */
        static List<Part> parts(JsonNode content, String field) throws BadRequest {
            if (content.isMissingNode() || content.isNull()) {
                return List.of();
            }
            if (content.isTextual()) {
                return content.textValue().isEmpty() ? List.of() : List.of(Part.Text.of(content.textValue()));
            }
            if (!content.isArray()) {
                throw JsonFields.wrong(field, "a string or a list of blocks");
            }
            BlockReader reader = new BlockReader();
            for (int i = 0; i < content.size(); i++) {
                reader.block(content.get(i), field + "[" + i + "]");
            }
            return reader.parts;
        }

        private void block(JsonNode json, String field) throws BadRequest {
            if (!json.isObject()) {
                throw JsonFields.wrong(field, "a block, such as {\"type\": \"text\", …}");
            }
            JsonFields block = JsonFields.of(json, field);
            String type = block.text("type");
            switch (type) {
                case "" -> throw block.missing("type");
                case "text" -> parts.add(new Part.Text(block.text("text"), citations(block)));
                case "image" -> image(block);
                case "document" -> document(block);
                case "tool_use" ->
                    parts.add(Part.ToolCall.of(block.text("id"), block.text("name"), input(block.get("input"))));
                case "tool_result" ->
                    parts.add(new Part.ToolResult(
                            block.text("tool_use_id"),
                            "",
                            parts(block.get("content"), block.path("content")),
                            block.optionalFlag("is_error").orElse(false)));
                case "thinking" ->
                    parts.add(new Part.Reasoning(
                            block.text("thinking"), block.text("signature"), "", AnthropicDialect.NAME));
                case "redacted_thinking" ->
                    parts.add(new Part.Reasoning("", "", block.text("data"), AnthropicDialect.NAME));
                default -> foreign(type, block);
            }
            if (!(parts.getLast() instanceof Part.Foreign)
                    && block.get("cache_control").isObject()) {
                parts.add(new Part.CachePoint(block.at("cache_control").text("ttl")));
            }
        }

        private void foreign(String type, JsonFields block) {
            parts.add(new Part.Foreign(AnthropicDialect.NAME, type, block.json().toString()));
        }

        private void image(JsonFields block) {
            source(block.at("source"), "image/*")
                    .ifPresentOrElse(
                            source -> parts.add(Media.of(Media.Kind.IMAGE, source)), () -> foreign("image", block));
        }

        /** A document's context becomes a text before it. Its citation setting is dropped: no other vendor has one. */
        private void document(JsonFields block) {
            Optional<Source> source = source(block.at("source"), "application/pdf");
            if (source.isEmpty()) {
                foreign("document", block);
                return;
            }
            String context = block.text("context");
            if (!context.isEmpty()) {
                parts.add(Part.Text.of(context));
            }
            parts.add(new Media(Media.Kind.DOCUMENT, source.get(), block.text("title"), ""));
        }

        /** Empty for a source that only Anthropic has, such as a document made of blocks. */
        private static Optional<Source> source(JsonFields source, String defaultType) {
            return switch (source.text("type")) {
                case "base64" -> Optional.of(new Source.Inline(mediaType(source, defaultType), source.text("data")));
                case "text" ->
                    Optional.of(new Source.Inline(
                            mediaType(source, "text/plain"),
                            Base64.getEncoder()
                                    .encodeToString(source.text("data").getBytes(StandardCharsets.UTF_8))));
                case "url" -> Optional.of(new Source.Url(source.text("url")));
                case "file" -> Optional.of(new Source.Stored(AnthropicDialect.NAME, source.text("file_id"), ""));
                default -> Optional.empty();
            };
        }

        private static String mediaType(JsonFields source, String defaultType) {
            String type = source.text("media_type");
            return type.isEmpty() ? defaultType : type;
        }

        private static String input(JsonNode input) {
            return input.isMissingNode() ? "{}" : input.toString();
        }

        private static List<Part.Citation> citations(JsonFields block) {
            List<Part.Citation> citations = new ArrayList<>();
            for (JsonNode citation : block.get("citations")) {
                citation(citation).ifPresent(citations::add);
            }
            return citations;
        }

        private static Optional<Part.Citation> citation(JsonNode citation) {
            try {
                return Optional.of(AnswerReader.Citations.of(citation.toString()));
            } catch (MalformedJson deeperThanAnyCitation) {
                // Only the source is lost; the text is complete without it.
                return Optional.empty();
            }
        }
    }

    /** Every other dialect calls the usual tier "default". */
    private static String tier(String anthropics) {
        return anthropics.equals("standard_only") ? "default" : anthropics;
    }
}
