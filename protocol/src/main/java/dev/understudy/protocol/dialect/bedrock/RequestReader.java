package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
        for (int i = 0; i < list.size(); i++) {
            JsonFields tool = JsonFields.lenient(list.get(i), config.path("tools") + "[" + i + "]");
            if (tool.get("toolSpec").isObject()) {
                tools.add(function(tool.at("toolSpec")));
            } else if (tool.json().isObject() && !tool.json().has("cachePoint")) {
                // A cache point among the tools changes only the cost, and the neutral form has no place for it.
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
    }
}
