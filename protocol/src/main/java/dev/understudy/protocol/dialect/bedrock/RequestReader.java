package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a request to Converse or ConverseStream. */
final class RequestReader {
    private final List<NeutralRequest.Other> others = new ArrayList<>();

    private RequestReader() {}

    static NeutralRequest read(byte[] body, boolean stream) throws BadRequest {
        return new RequestReader().request(JsonFields.lenient(JsonTrees.read(body), ""), stream);
    }

    private NeutralRequest request(JsonFields body, boolean stream) throws BadRequest {
        List<Turn> turns = new ArrayList<>();
        if (!body.get("system").isEmpty()) {
            turns.add(Turn.of(Turn.Role.SYSTEM, ContentReader.parts(body.get("system"), "system")));
        }
        messages(body.get("messages"), turns);
        ModelFields fields = ModelFields.read(body.at("additionalModelRequestFields"));
        others.addAll(fields.others());
        body.json().properties().forEach(member -> other(member.getKey(), member.getValue()));
        return new NeutralRequest.Builder(turns)
                        .tools(tools(body.at("toolConfig")))
                        .output(output(body.at("outputConfig").at("textFormat")))
                        .sampling(sampling(body.at("inferenceConfig"), fields.topK()))
                        .reasoning(fields.reasoning())
                        .stream(stream)
                        .usageInStream(true)
                        .metadata(metadata(body.get("requestMetadata")))
                        .serviceTier(body.at("serviceTier").text("type"))
                        .others(others)
                        .build();
    }

    private void other(String name, JsonNode value) {
        switch (name) {
            case "messages",
                    "system",
                    "toolConfig",
                    "outputConfig",
                    "inferenceConfig",
                    "additionalModelRequestFields",
                    "requestMetadata",
                    "serviceTier" -> {
                // Read by name.
            }
            default -> {
                if (!value.isNull()) {
                    others.add(new NeutralRequest.Other(BedrockDialect.NAME, name, value.toString()));
                }
            }
        }
    }

    private static void messages(JsonNode messages, List<Turn> turns) throws BadRequest {
        for (int i = 0; i < messages.size(); i++) {
            JsonFields message = JsonFields.lenient(messages.get(i), "messages[" + i + "]");
            Turn.Role role = switch (message.text("role")) {
                case "user" -> Turn.Role.USER;
                case "assistant" -> Turn.Role.ASSISTANT;
                case "system" -> Turn.Role.SYSTEM;
                default -> throw message.wrongMember("role", "'user' or 'assistant'");
            };
            turns.add(Turn.of(role, ContentReader.parts(message.get("content"), message.path("content"))));
        }
    }

    private Tools tools(JsonFields config) throws BadRequest {
        List<Tools.Tool> tools = new ArrayList<>();
        JsonNode list = config.get("tools");
        if (!list.isMissingNode() && !list.isArray()) {
            throw config.wrongMember("tools", "a list of tools");
        }
        for (int i = 0; i < list.size(); i++) {
            JsonFields tool = JsonFields.lenient(list.get(i), config.path("tools") + "[" + i + "]");
            if (tool.get("toolSpec").isObject()) {
                tools.add(function(tool.at("toolSpec")));
            } else if (tool.json().has("cachePoint")) {
                if (!tools.isEmpty() && tools.getLast() instanceof Tools.Function last) {
                    tools.removeLast();
                    tools.add(last.cached(
                            new Part.CachePoint(tool.at("cachePoint").text("ttl"))));
                }
            } else if (tool.json().isObject()) {
                String kind = tool.json().properties().stream()
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("tool");
                tools.add(new Tools.ForeignTool(
                        BedrockDialect.NAME, kind, tool.json().toString()));
            }
        }
        return new Tools(tools, choice(config.at("toolChoice")), Optional.empty());
    }

    private static Tools.Function function(JsonFields spec) throws BadRequest {
        JsonNode schema = spec.at("inputSchema").get("json");
        return new Tools.Function(
                spec.requiredString("name"),
                spec.text("description"),
                schema.isObject() ? schema : JsonTrees.emptyObject(),
                spec.optionalFlag("strict"));
    }

    private static Optional<Tools.Choice> choice(JsonFields choice) {
        if (choice.json().has("any")) {
            return Optional.of(new Tools.Choice.Any());
        }
        String name = choice.at("tool").text("name");
        if (!name.isEmpty()) {
            return Optional.of(new Tools.Choice.Named(name));
        }
        return choice.json().has("auto") ? Optional.of(new Tools.Choice.Auto()) : Optional.empty();
    }

    private static ResponseFormat output(JsonFields format) throws BadRequest {
        JsonFields definition = format.at("structure").at("jsonSchema");
        if (!definition.json().isObject()) {
            return new ResponseFormat.Text();
        }
        // Converse takes the schema as a string.
        JsonNode schema = definition.get("schema");
        JsonNode tree = schema.isTextual() ? JsonTrees.of(schema.textValue()) : schema;
        if (!tree.isObject()) {
            throw definition.wrongMember("schema", "a JSON schema as a string");
        }
        return new ResponseFormat.Schema(
                definition.text("name"), definition.text("description"), tree, Optional.empty());
    }

    private static Sampling sampling(JsonFields config, OptionalLong topK) throws BadRequest {
        return new Sampling.Builder()
                .maxTokens(config.integer("maxTokens"))
                .temperature(config.number("temperature"))
                .topP(config.number("topP"))
                .topK(topK)
                .stop(config.strings("stopSequences"))
                .build();
    }

    private static Map<String, String> metadata(JsonNode labels) {
        Map<String, String> metadata = new LinkedHashMap<>();
        labels.properties().forEach(label -> {
            if (label.getValue().isTextual()) {
                metadata.put(label.getKey(), label.getValue().asText());
            }
        });
        return metadata;
    }

    /**
     * {@code additionalModelRequestFields}: settings that Converse leaves to the fields of each model.
     *
     * @param reasoning Claude's {@code thinking} and {@code output_config.effort}, OpenAI's {@code reasoning_effort},
     *     Nova's {@code reasoningConfig}
     * @param topK Claude's {@code top_k}
     * @param others all other fields
     */
    record ModelFields(ReasoningSettings reasoning, OptionalLong topK, List<NeutralRequest.Other> others) {
        /** The prefix of the names of other fields. */
        static final String PREFIX = "additionalModelRequestFields.";

        static ModelFields read(JsonFields fields) throws BadRequest {
            List<NeutralRequest.Other> others = new ArrayList<>();
            fields.json().properties().forEach(field -> {
                switch (field.getKey()) {
                    case "thinking", "reasoning_config", "reasoning_effort", "reasoningConfig", "top_k" -> {
                        // Read by name.
                    }
                    case "output_config" -> {
                        if (!field.getValue().path("effort").isTextual()
                                || field.getValue().size() > 1) {
                            others.add(other(field.getKey(), field.getValue()));
                        }
                    }
                    default -> others.add(other(field.getKey(), field.getValue()));
                }
            });
            return new ModelFields(reasoning(fields), fields.integer("top_k"), others);
        }

        private static NeutralRequest.Other other(String name, JsonNode value) {
            return new NeutralRequest.Other(BedrockDialect.NAME, PREFIX + name, value.toString());
        }

        private static ReasoningSettings reasoning(JsonFields fields) throws BadRequest {
            JsonFields claude = fields.at(fields.json().has("thinking") ? "thinking" : "reasoning_config");
            JsonFields nova = fields.at("reasoningConfig");
            String effort = fields.at("output_config").text("effort")
                    + fields.text("reasoning_effort")
                    + nova.text("maxReasoningEffort");
            boolean off =
                    claude.text("type").equals("disabled") || nova.text("type").equals("disabled");
            String display = claude.text("display");
            return new ReasoningSettings(
                    off ? Optional.of(ReasoningSettings.Effort.NONE) : effort(effort),
                    off ? OptionalLong.empty() : claude.integer("budget_tokens"),
                    display.isEmpty() ? Optional.empty() : Optional.of(!display.equals("omitted")));
        }

        private static Optional<ReasoningSettings.Effort> effort(String word) {
            return word.equals("max")
                    ? Optional.of(ReasoningSettings.Effort.XHIGH)
                    : ReasoningSettings.Effort.ofWord(word);
        }
    }

    /** Reads content blocks: objects with one member, whose name is the block's type. */
    static final class ContentReader {
        private ContentReader() {}

        /** @param at the path of the list, for errors */
        static List<Part> parts(JsonNode content, String at) throws BadRequest {
            if (!content.isArray()) {
                throw BadRequest.invalid(at, "'" + at + "' must be a list of blocks, such as [{\"text\": \"Hello\"}].");
            }
            List<Part> parts = new ArrayList<>();
            int i = 0;
            for (JsonNode block : content) {
                String here = at + "[" + i++ + "]";
                Map.Entry<String, JsonNode> member = block.properties().stream()
                        .filter(one -> !one.getValue().isNull() && !one.getKey().equals("type"))
                        .findFirst()
                        .orElseThrow(() -> BadRequest.invalid(
                                here,
                                "'" + here + "' must be an object with one member, such as {\"text\": \"Hello\"}."));
                part(
                        member.getKey(),
                        JsonFields.lenient(member.getValue(), here + "." + member.getKey()),
                        block,
                        parts);
            }
            return parts;
        }

        private static void part(String kind, JsonFields value, JsonNode block, List<Part> parts) throws BadRequest {
            switch (kind) {
                case "text" -> parts.add(Part.Text.of(text(value.json(), value.path())));
                case "image" -> parts.add(media(Part.Media.Kind.IMAGE, kind, value, block));
                case "document" -> parts.add(media(Part.Media.Kind.DOCUMENT, kind, value, block));
                case "audio" -> parts.add(media(Part.Media.Kind.AUDIO, kind, value, block));
                case "video" -> parts.add(media(Part.Media.Kind.VIDEO, kind, value, block));
                case "toolUse" -> parts.add(toolUse(value, block));
                case "toolResult" -> parts.add(toolResult(value));
                case "reasoningContent" -> parts.add(reasoning(value));
                case "cachePoint" -> parts.add(new Part.CachePoint(value.text("ttl")));
                case "citationsContent" -> parts.add(cited(value));
                case "guardContent" -> guarded(value, block, parts);
                // A tool's result may be JSON; other dialects take its text.
                case "json" -> parts.add(Part.Text.of(value.json().toString()));
                default -> parts.add(foreign(kind, block));
            }
        }

        private static Part.Foreign foreign(String kind, JsonNode block) {
            return new Part.Foreign(BedrockDialect.NAME, kind, block.toString());
        }

        private static String text(JsonNode value, String at) throws BadRequest {
            if (!value.isTextual()) {
                throw JsonFields.wrong(at, "a string");
            }
            return value.textValue();
        }

        private static Part media(Part.Media.Kind kind, String name, JsonFields value, JsonNode block) {
            JsonFields source = value.at("source");
            String format = value.text("format");
            String mediaType = MediaFormats.mediaType(kind, format.isEmpty() ? defaultFormat(kind) : format);
            JsonFields s3 = source.at("s3Location");
            Optional<Part.Source> found = Optional.empty();
            if (source.get("bytes").isTextual()) {
                found = Optional.of(new Part.Source.Inline(mediaType, source.text("bytes")));
            } else if (source.get("text").isTextual()) {
                byte[] text = source.text("text").getBytes(StandardCharsets.UTF_8);
                found = Optional.of(
                        new Part.Source.Inline("text/plain", Base64.getEncoder().encodeToString(text)));
            } else if (!s3.text("uri").isEmpty() && !s3.json().has("bucketOwner")) {
                found = Optional.of(new Part.Source.Stored(BedrockDialect.NAME, s3.text("uri"), mediaType));
            }
            return found.<Part>map(its -> new Part.Media(kind, its, value.text("name"), ""))
                    .orElseGet(() -> foreign(name, block));
        }

        private static String defaultFormat(Part.Media.Kind kind) {
            return switch (kind) {
                case IMAGE -> "png";
                case DOCUMENT -> "txt";
                case AUDIO -> "mp3";
                case VIDEO -> "mp4";
            };
        }

        private static Part toolUse(JsonFields value, JsonNode block) throws BadRequest {
            if (BedrockDialect.isProviderTool(value.text("type"))) {
                // A call of a tool that Amazon runs.
                return foreign("toolUse", block);
            }
            return Part.ToolCall.of(
                    text(value.get("toolUseId"), value.path("toolUseId")),
                    text(value.get("name"), value.path("name")),
                    value.has("input") ? value.get("input").toString() : "{}");
        }

        private static Part.ToolResult toolResult(JsonFields value) throws BadRequest {
            return new Part.ToolResult(
                    text(value.get("toolUseId"), value.path("toolUseId")),
                    "",
                    value.has("content") ? parts(value.get("content"), value.path("content")) : List.of(),
                    value.text("status").equals("error"));
        }

        private static Part.Reasoning reasoning(JsonFields value) {
            JsonFields text = value.at("reasoningText");
            return new Part.Reasoning(
                    text.text("text"), text.text("signature"), value.text("redactedContent"), BedrockDialect.NAME);
        }

        private static Part.Text cited(JsonFields value) {
            StringBuilder text = new StringBuilder();
            value.get("content").forEach(piece -> text.append(piece.path("text").asText()));
            List<Part.Citation> citations = new ArrayList<>();
            for (JsonNode citation : value.get("citations")) {
                try {
                    citations.add(AnswerReader.Citations.read(citation.toString(), text.length()));
                } catch (MalformedJson tooDeep) {
                    // Only the source is lost; the text is complete without it.
                }
            }
            return new Part.Text(text.toString(), citations);
        }

        /** Content that is marked for a guardrail is part of the conversation all the same. */
        private static void guarded(JsonFields value, JsonNode block, List<Part> parts) {
            if (value.at("text").get("text").isTextual()) {
                parts.add(Part.Text.of(value.at("text").text("text")));
            } else if (value.get("image").isObject()) {
                parts.add(media(Part.Media.Kind.IMAGE, "guardContent", value.at("image"), block));
            } else {
                parts.add(foreign("guardContent", block));
            }
        }
    }
}
