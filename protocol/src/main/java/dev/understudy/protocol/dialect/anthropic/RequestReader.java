package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn.Role;
import dev.understudy.protocol.neutral.Turn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a request; what only Anthropic knows is kept aside as it is. */
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

    private final JsonNode body;

    private RequestReader(JsonNode body) {
        this.body = body;
    }

    static NeutralRequest read(byte[] body) throws BadRequest {
        JsonNode tree = JsonTrees.read(body);
        if (!tree.isObject()) {
            throw BadRequest.notJson("The request body must be a JSON object.");
        }
        return new RequestReader(tree).request();
    }

    private NeutralRequest request() throws BadRequest {
        JsonNode metadata = body.path("metadata");
        return new NeutralRequest.Builder(turns())
                        .tools(ToolsReader.read(body.path("tools"), body.path("tool_choice")))
                        .output(output())
                        .sampling(sampling())
                        .reasoning(ReasoningPlan.ReasoningSetting.read(body.path("thinking"), effort()))
                        .stream(body.path("stream").booleanValue())
                        .usageInStream(true)
                        .user(metadata.path("user_id").asText(""))
                        .metadata(labels(metadata))
                        .serviceTier(body.path("service_tier").asText(""))
                        .others(others())
                        .build();
    }

    private List<Turn> turns() throws BadRequest {
        JsonNode messages = body.path("messages");
        if (isAbsent(messages)) {
            throw RequestFactsReader.noMessages();
        }
        if (!messages.isArray()) {
            throw BadRequest.invalid("messages", "'messages' must be a list of messages.");
        }
        List<Turn> turns = new ArrayList<>();
        List<Part> system = BlockReader.parts(body.path("system"), "system");
        if (!system.isEmpty()) {
            turns.add(Turn.of(Role.SYSTEM, system));
        }
        for (int i = 0; i < messages.size(); i++) {
            turns.add(turn(messages.get(i), "messages[" + i + "]"));
        }
        return turns;
    }

    private static Turn turn(JsonNode message, String field) throws BadRequest {
        Role role = switch (message.path("role").asText("")) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            // Instructions in the middle, which the newest models accept.
            case "system" -> Role.SYSTEM;
            default ->
                throw BadRequest.invalid(field + ".role", "'" + field + ".role' must be \"user\" or \"assistant\".");
        };
        JsonNode content = message.path("content");
        if (isAbsent(content)) {
            throw BadRequest.missing(field + ".content", "'" + field + "' has no 'content'.");
        }
        return Turn.of(role, BlockReader.parts(content, field + ".content"));
    }

    private Sampling sampling() throws BadRequest {
        OptionalLong maxTokens = whole("max_tokens");
        if (maxTokens.isEmpty()) {
            throw RequestFactsReader.noMaxTokens();
        }
        if (maxTokens.getAsLong() <= 0) {
            throw RequestFactsReader.notPositive();
        }
        return new Sampling.Builder()
                .maxTokens(maxTokens)
                .temperature(number("temperature"))
                .topP(number("top_p"))
                .topK(whole("top_k"))
                .stop(stop())
                .build();
    }

    private List<String> stop() throws BadRequest {
        JsonNode list = body.path("stop_sequences");
        if (isAbsent(list)) {
            return List.of();
        }
        List<String> stop = new ArrayList<>();
        for (JsonNode text : list) {
            if (text.isTextual()) {
                stop.add(text.textValue());
            }
        }
        if (!list.isArray() || stop.size() < list.size()) {
            throw BadRequest.invalid("stop_sequences", "'stop_sequences' must be a list of strings.");
        }
        return stop;
    }

    private OptionalLong whole(String name) throws BadRequest {
        JsonNode value = body.path(name);
        if (isAbsent(value)) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw BadRequest.invalid(name, "'" + name + "' must be a whole number.");
        }
        return OptionalLong.of(value.longValue());
    }

    private Optional<BigDecimal> number(String name) throws BadRequest {
        JsonNode value = body.path(name);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw BadRequest.invalid(name, "'" + name + "' must be a number.");
        }
        return Optional.of(value.decimalValue());
    }

    private String effort() {
        return body.path("output_config").path("effort").asText("");
    }

    /** {@code output_format} is the older place of the same thing. */
    private ResponseFormat output() {
        JsonNode format = body.path("output_config").path("format");
        if (!format.isObject()) {
            format = body.path("output_format");
        }
        return format.path("type").asText("").equals("json_schema")
                ? new ResponseFormat.Schema(
                        "",
                        "",
                        format.path("schema").isObject() ? format.path("schema") : JsonTrees.emptyObject(),
                        Optional.of(true))
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
        body.properties().forEach(member -> {
            if (!READ.contains(member.getKey()) && !member.getValue().isNull()) {
                others.add(other(member.getKey(), member.getValue()));
            }
        });
        if (body.path("output_config") instanceof ObjectNode config) {
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

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    /** Reads a request's tools, the caller's own and Anthropic's, and which of them are to be used. */
    static final class ToolsReader {

        private ToolsReader() {}

        static Tools read(JsonNode tools, JsonNode choice) throws BadRequest {
            if (!tools.isMissingNode() && !tools.isNull() && !tools.isArray()) {
                throw BadRequest.invalid("tools", "'tools' must be a list of tools.");
            }
            List<Tools.Tool> read = new ArrayList<>();
            for (int i = 0; i < tools.size(); i++) {
                read.add(tool(tools.get(i), "tools[" + i + "]"));
            }
            JsonNode alone = choice.path("disable_parallel_tool_use");
            return new Tools(
                    read, choice(choice), alone.isBoolean() ? Optional.of(!alone.booleanValue()) : Optional.empty());
        }

        private static Tools.Tool tool(JsonNode tool, String field) throws BadRequest {
            String type = tool.path("type").asText("custom");
            if (!tool.isObject()) {
                throw BadRequest.invalid(field, "'" + field + "' must be a tool, such as {\"name\": …}.");
            }
            if (!type.equals("custom") && !type.equals("null")) {
                return new Tools.ForeignTool(AnthropicDialect.NAME, type, tool.toString());
            }
            if (!tool.path("name").isTextual()) {
                throw BadRequest.missing(field + ".name", "'" + field + "' has no 'name'.");
            }
            JsonNode schema = tool.path("input_schema");
            JsonNode strict = tool.path("strict");
            return new Tools.Function(
                    tool.path("name").textValue(),
                    tool.path("description").asText(""),
                    schema.isObject() ? schema : JsonTrees.emptyObject(),
                    strict.isBoolean() ? Optional.of(strict.booleanValue()) : Optional.empty());
        }

        private static Optional<Tools.Choice> choice(JsonNode choice) throws BadRequest {
            if (choice.isMissingNode() || choice.isNull()) {
                return Optional.empty();
            }
            return Optional.of(
                    switch (choice.path("type").asText("")) {
                        case "auto" -> new Tools.Choice.Auto();
                        case "any" -> new Tools.Choice.Any();
                        case "none" -> new Tools.Choice.None();
                        case "tool" -> new Tools.Choice.Named(choice.path("name").asText(""));
                        default ->
                            throw BadRequest.invalid(
                                    "tool_choice.type",
                                    "'tool_choice.type' must be \"auto\", \"any\", \"tool\" or \"none\".");
                    });
        }
    }
}
