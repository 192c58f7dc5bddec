package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the body of a request to Converse or ConverseStream. */
final class RequestReader {
    private final List<NeutralRequest.Other> others = new ArrayList<>();

    private RequestReader() {}

    static NeutralRequest read(byte[] body, boolean stream) throws BadRequest {
        return new RequestReader().request(JsonTrees.read(body), stream);
    }

    private NeutralRequest request(JsonNode body, boolean stream) throws BadRequest {
        List<Turn> turns = new ArrayList<>();
        if (body.path("system").size() > 0) {
            turns.add(Turn.of(Turn.Role.SYSTEM, ContentReader.parts(body.path("system"), "system")));
        }
        messages(body.path("messages"), turns);
        ModelFields fields = ModelFields.read(body.path("additionalModelRequestFields"));
        others.addAll(fields.others());
        body.properties().forEach(member -> other(member.getKey(), member.getValue()));
        return new NeutralRequest.Builder(turns)
                        .tools(tools(body.path("toolConfig")))
                        .output(output(body.path("outputConfig").path("textFormat")))
                        .sampling(sampling(body.path("inferenceConfig"), fields.topK()))
                        .reasoning(fields.reasoning())
                        .stream(stream)
                        .usageInStream(true)
                        .metadata(metadata(body.path("requestMetadata")))
                        .serviceTier(body.path("serviceTier").path("type").asText())
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
                // Read by their names.
            }
            default -> {
                if (!value.isNull()) {
                    others.add(new NeutralRequest.Other(BedrockDialect.NAME, name, value.toString()));
                }
            }
        }
    }

    private static void messages(JsonNode messages, List<Turn> turns) throws BadRequest {
        int i = 0;
        for (JsonNode message : messages) {
            String at = "messages[" + i++ + "]";
            Turn.Role role = switch (message.path("role").asText()) {
                case "user" -> Turn.Role.USER;
                case "assistant" -> Turn.Role.ASSISTANT;
                case "system" -> Turn.Role.SYSTEM;
                default -> throw BadRequest.invalid(at + ".role", "'" + at + ".role' must be 'user' or 'assistant'.");
            };
            turns.add(Turn.of(role, ContentReader.parts(message.path("content"), at + ".content")));
        }
    }

    private Tools tools(JsonNode config) throws BadRequest {
        List<Tools.Tool> tools = new ArrayList<>();
        int i = 0;
        for (JsonNode tool : config.path("tools")) {
            String at = "toolConfig.tools[" + i++ + "]";
            JsonNode spec = tool.path("toolSpec");
            if (spec.isObject()) {
                tools.add(function(spec, at));
            } else if (tool.isObject() && !tool.has("cachePoint")) {
                // A cache point among the tools changes the cost only; the neutral form has no place for it.
                String kind = tool.properties().stream()
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("tool");
                tools.add(new Tools.ForeignTool(BedrockDialect.NAME, kind, tool.toString()));
            }
        }
        return new Tools(tools, choice(config.path("toolChoice")), Optional.empty());
    }

    private static Tools.Function function(JsonNode spec, String at) throws BadRequest {
        String name = spec.path("name").asText();
        if (name.isEmpty()) {
            throw BadRequest.invalid(at + ".toolSpec.name", "'" + at + ".toolSpec' has no 'name'.");
        }
        JsonNode schema = spec.path("inputSchema").path("json");
        return new Tools.Function(
                name,
                spec.path("description").asText(),
                schema.isObject() ? schema : JsonTrees.emptyObject(),
                spec.path("strict").isBoolean()
                        ? Optional.of(spec.path("strict").booleanValue())
                        : Optional.empty());
    }

    private static Optional<Tools.Choice> choice(JsonNode choice) {
        if (choice.has("any")) {
            return Optional.of(new Tools.Choice.Any());
        } else if (choice.path("tool").path("name").isTextual()) {
            return Optional.of(
                    new Tools.Choice.Named(choice.path("tool").path("name").asText()));
        }
        return choice.has("auto") ? Optional.of(new Tools.Choice.Auto()) : Optional.empty();
    }

    private static ResponseFormat output(JsonNode format) throws BadRequest {
        JsonNode definition = format.path("structure").path("jsonSchema");
        if (!definition.isObject()) {
            return new ResponseFormat.Text();
        }
        // The schema travels as text.
        JsonNode schema = definition.path("schema");
        JsonNode tree = schema.isTextual() ? JsonTrees.of(schema.asText()) : schema;
        if (!tree.isObject()) {
            throw BadRequest.invalid(
                    "outputConfig.textFormat",
                    "'outputConfig.textFormat.structure.jsonSchema.schema' must be a JSON schema as a string.");
        }
        return new ResponseFormat.Schema(
                definition.path("name").asText(), definition.path("description").asText(), tree, Optional.empty());
    }

    private static Sampling sampling(JsonNode config, OptionalLong topK) {
        List<String> stop = new ArrayList<>();
        config.path("stopSequences").forEach(text -> stop.add(text.asText()));
        return new Sampling.Builder()
                .maxTokens(ModelFields.whole(config.path("maxTokens")))
                .temperature(ModelFields.number(config.path("temperature")))
                .topP(ModelFields.number(config.path("topP")))
                .topK(topK)
                .stop(stop)
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
     * {@code additionalModelRequestFields}: what Converse has no word of its own for is said in each model's own words.
     *
     * @param reasoning Claude's {@code thinking} and {@code output_config.effort}, OpenAI's {@code reasoning_effort}, Nova's
     *     {@code reasoningConfig}
     * @param topK Claude's {@code top_k}
     * @param others all the rest
     */
    record ModelFields(ReasoningSettings reasoning, OptionalLong topK, List<NeutralRequest.Other> others) {
        /** What goes before the names of others that came from there. */
        static final String PREFIX = "additionalModelRequestFields.";

        /** A count beyond this is no count; and a long number must not be calculated with. */
        private static final int MOST_DIGITS = 18;

        static ModelFields read(JsonNode fields) {
            List<NeutralRequest.Other> others = new ArrayList<>();
            fields.properties().forEach(field -> {
                switch (field.getKey()) {
                    case "thinking", "reasoning_config", "reasoning_effort", "reasoningConfig", "top_k" -> {
                        // Read by their names.
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
            return new ModelFields(reasoning(fields), whole(fields.path("top_k")), others);
        }

        private static NeutralRequest.Other other(String name, JsonNode value) {
            return new NeutralRequest.Other(BedrockDialect.NAME, PREFIX + name, value.toString());
        }

        private static ReasoningSettings reasoning(JsonNode fields) {
            JsonNode thinking = fields.path(fields.has("thinking") ? "thinking" : "reasoning_config");
            JsonNode nova = fields.path("reasoningConfig");
            String effort = fields.path("output_config").path("effort").asText()
                    + fields.path("reasoning_effort").asText()
                    + nova.path("maxReasoningEffort").asText();
            boolean off = thinking.path("type").asText().equals("disabled")
                    || nova.path("type").asText().equals("disabled");
            return new ReasoningSettings(
                    off ? Optional.of(ReasoningSettings.Effort.NONE) : effort(effort),
                    off ? OptionalLong.empty() : whole(thinking.path("budget_tokens")),
                    thinking.path("display").isTextual()
                            ? Optional.of(!thinking.path("display").asText().equals("omitted"))
                            : Optional.empty());
        }

        private static Optional<ReasoningSettings.Effort> effort(String word) {
            if (word.equals("max")) {
                return Optional.of(ReasoningSettings.Effort.XHIGH);
            }
            for (ReasoningSettings.Effort effort : ReasoningSettings.Effort.values()) {
                if (effort.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return Optional.of(effort);
                }
            }
            return Optional.empty();
        }

        /** A whole number within reason. */
        static OptionalLong whole(JsonNode node) {
            return number(node)
                    .filter(number -> number.precision() - number.scale() <= MOST_DIGITS)
                    .map(number -> OptionalLong.of(number.longValue()))
                    .orElse(OptionalLong.empty());
        }

        /** A number within reason. */
        static Optional<BigDecimal> number(JsonNode node) {
            return node.isNumber()
                    ? Optional.of(node.decimalValue()).filter(number -> Math.abs(number.scale()) <= MOST_DIGITS)
                    : Optional.empty();
        }
    }
}
