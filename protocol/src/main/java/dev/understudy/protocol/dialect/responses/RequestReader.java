package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Tools.Choice;
import dev.understudy.protocol.neutral.Tools.Tool;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a request.
 *
 * <p>Members that refer to objects stored at OpenAI ({@code previous_response_id}, {@code conversation}, {@code
 * prompt}, {@code background}) become foreign parts of a user turn before the input: without them the request means
 * something else, so no other dialect may leave them out.
 */
final class RequestReader {
    /** Members that refer to objects stored at OpenAI; {@link RequestWriter} writes them back. */
    static final Set<String> STORED_AT_OPENAI = Set.of("previous_response_id", "conversation", "prompt", "background");

    private static final String LOGPROBS = "message.output_text.logprobs";

    /** Members that have a place in the neutral form, and the model, which each target has for itself. */
    private static final Set<String> PLACED = Set.of(
            "model",
            "input",
            "instructions",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "max_output_tokens",
            "temperature",
            "top_p",
            "top_logprobs",
            "metadata",
            "service_tier",
            "stream",
            "user");

    private final JsonFields request;
    private final List<Other> others = new ArrayList<>();
    private final List<Part> kept = new ArrayList<>();
    private Optional<Boolean> logprobs = Optional.empty();
    private Optional<Boolean> shown = Optional.empty();
    private String safetyIdentifier = "";

    private RequestReader(JsonFields request) {
        this.request = request;
    }

    static NeutralRequest read(byte[] body) throws BadRequest {
        return new RequestReader(JsonFields.of(tree(body), "")).request();
    }

    /** Reads a request with {@link PortableTools}. */
    static NeutralRequest readPortable(byte[] body) throws BadRequest {
        ObjectNode tree = tree(body);
        return new RequestReader(JsonFields.of(PortableTools.of(tree).applied(tree), "")).request();
    }

    private static ObjectNode tree(byte[] body) throws BadRequest {
        if (JsonTrees.read(body) instanceof ObjectNode tree) {
            return tree;
        }
        throw BadRequest.notJson("The request body must be a JSON object.");
    }

    private NeutralRequest request() throws BadRequest {
        for (Map.Entry<String, JsonNode> member : request.json().properties()) {
            if (!PLACED.contains(member.getKey()) && !member.getValue().isNull()) {
                unplaced(member.getKey(), member.getValue());
            }
        }
        boolean stream = request.flag("stream").orElse(false);
        String user = request.string("user");
        return new NeutralRequest.Builder(turns())
                        .tools(ToolsReader.read(request, others))
                        .output(output())
                        .sampling(sampling())
                        .reasoning(reasoning())
                        .stream(stream)
                        .usageInStream(stream)
                        .user(user.isEmpty() ? safetyIdentifier : user)
                        .metadata(metadata())
                        .serviceTier(request.string("service_tier"))
                        .others(others)
                        .build();
    }

    private void unplaced(String name, JsonNode value) throws BadRequest {
        switch (name) {
            case "text" -> rest(name, value, Set.of("format"));
            case "reasoning" -> {
                rest(name, value, Set.of("effort", "summary", "generate_summary"));
                summary(value);
            }
            case "include" -> include(value);
            case "safety_identifier" -> {
                safetyIdentifier = request.string(name);
                if (request.has("user")) {
                    other(name, value);
                }
            }
            default -> {
                if (!STORED_AT_OPENAI.contains(name)) {
                    other(name, value);
                } else if (!value.isBoolean() || value.booleanValue()) {
                    kept.add(new Part.Foreign(ResponsesDialect.NAME, name, value.toString()));
                }
            }
        }
    }

    private void other(String name, JsonNode value) {
        others.add(new Other(ResponsesDialect.NAME, name, value.toString()));
    }

    /** The members of an object of which only some have a place. */
    private void rest(String name, JsonNode object, Set<String> placed) throws BadRequest {
        for (Map.Entry<String, JsonNode> member :
                JsonFields.of(object, name).json().properties()) {
            if (!placed.contains(member.getKey()) && !member.getValue().isNull()) {
                other(name + "." + member.getKey(), member.getValue());
            }
        }
    }

    private void summary(JsonNode reasoning) {
        JsonNode summary =
                reasoning.hasNonNull("summary") ? reasoning.path("summary") : reasoning.path("generate_summary");
        boolean said = !summary.asText("").isEmpty() && !summary.isNull();
        shown = said ? Optional.of(true) : Optional.empty();
        if (said && !summary.asText().equals("auto")) {
            other("reasoning.summary", summary);
        }
    }

    private void include(JsonNode include) throws BadRequest {
        if (!include.isArray()) {
            throw JsonFields.wrong("include", "a list");
        }
        List<String> rest = new ArrayList<>();
        for (JsonNode entry : include) {
            if (entry.asText().equals(LOGPROBS)) {
                logprobs = Optional.of(true);
            } else {
                rest.add(entry.toString());
            }
        }
        if (!rest.isEmpty()) {
            others.add(new Other(ResponsesDialect.NAME, "include", "[" + String.join(",", rest) + "]"));
        }
    }

    private List<Turn> turns() throws BadRequest {
        List<Turn> turns = new ArrayList<>();
        String instructions = request.string("instructions");
        if (!instructions.isEmpty()) {
            turns.add(Turn.of(Role.SYSTEM, Part.Text.of(instructions)));
        }
        if (!kept.isEmpty()) {
            turns.add(Turn.of(Role.USER, kept));
        }
        if (request.has("input") || kept.isEmpty()) {
            turns.addAll(ItemsReader.read(request.get("input")));
        }
        return turns;
    }

    private ResponseFormat output() throws BadRequest {
        if (!request.get("text").hasNonNull("format")) {
            return new ResponseFormat.Text();
        }
        JsonFields format = JsonFields.of(request.get("text").path("format"), "text.format");
        return switch (format.requiredString("type")) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.Json();
            case "json_schema" -> {
                if (!format.get("schema").isObject()) {
                    throw JsonFields.wrong("text.format.schema", "a JSON schema");
                }
                yield new ResponseFormat.Schema(
                        format.string("name"),
                        format.string("description"),
                        format.get("schema"),
                        format.flag("strict"));
            }
            default -> throw JsonFields.wrong("text.format.type", "text, json_object or json_schema");
        };
    }

    private Sampling sampling() throws BadRequest {
        return new Sampling.Builder()
                .maxTokens(request.count("max_output_tokens"))
                .temperature(request.number("temperature"))
                .topP(request.number("top_p"))
                .logprobs(logprobs)
                .topLogprobs(request.smallCount("top_logprobs"))
                .build();
    }

    /** An unknown effort is left to the model. */
    private ReasoningSettings reasoning() throws BadRequest {
        if (!request.has("reasoning")) {
            return ReasoningSettings.USUAL;
        }
        String effort = JsonFields.of(request.get("reasoning"), "reasoning").string("effort");
        Optional<Effort> known = switch (effort) {
            case "none" -> Optional.of(Effort.NONE);
            case "minimal" -> Optional.of(Effort.MINIMAL);
            case "low" -> Optional.of(Effort.LOW);
            case "medium" -> Optional.of(Effort.MEDIUM);
            case "high" -> Optional.of(Effort.HIGH);
            case "xhigh", "max" -> Optional.of(Effort.XHIGH);
            default -> Optional.empty();
        };
        return new ReasoningSettings(known, OptionalLong.empty(), shown);
    }

    private Map<String, String> metadata() throws BadRequest {
        Map<String, String> labels = new LinkedHashMap<>();
        if (request.has("metadata")) {
            JsonFields metadata = JsonFields.of(request.get("metadata"), "metadata");
            for (Map.Entry<String, JsonNode> label : metadata.json().properties()) {
                JsonNode value = label.getValue();
                labels.put(label.getKey(), value.isValueNode() ? value.asText() : value.toString());
            }
        }
        return labels;
    }

    /** Reads {@code tools} and {@code tool_choice}. */
    static final class ToolsReader {
        private final JsonFields request;
        private final List<Other> others;
        private List<Tool> tools = new ArrayList<>();

        private ToolsReader(JsonFields request, List<Other> others) {
            this.request = request;
            this.others = others;
        }

        /** @param others receives a tool choice that only OpenAI has */
        static Tools read(JsonFields request, List<Other> others) throws BadRequest {
            return new ToolsReader(request, others).tools();
        }

        private Tools tools() throws BadRequest {
            JsonNode list = request.get("tools");
            if (!list.isArray() && request.has("tools")) {
                throw JsonFields.wrong("tools", "a list of tools");
            }
            for (int i = 0; i < list.size(); i++) {
                tools.add(tool(JsonFields.of(list.get(i), "tools[" + i + "]")));
            }
            Optional<Choice> choice = choice(request.get("tool_choice"));
            return new Tools(tools, choice, request.flag("parallel_tool_calls"));
        }

        private static Tool tool(JsonFields tool) throws BadRequest {
            String type = tool.requiredString("type");
            if (!type.equals("function")) {
                return new Tools.ForeignTool(
                        ResponsesDialect.NAME, type, tool.json().toString());
            }
            JsonNode parameters = tool.get("parameters");
            if (!parameters.isObject() && tool.has("parameters")) {
                throw JsonFields.wrong(tool.path("parameters"), "a JSON schema");
            }
            return new Tools.Function(
                    tool.requiredString("name"),
                    tool.string("description"),
                    parameters.isObject() ? parameters : JsonTrees.emptyObject(),
                    tool.flag("strict"));
        }

        private Optional<Choice> choice(JsonNode choice) throws BadRequest {
            if (choice.isMissingNode() || choice.isNull()) {
                return Optional.empty();
            }
            if (choice.isTextual()) {
                return switch (choice.textValue()) {
                    case "auto" -> Optional.of(new Choice.Auto());
                    case "none" -> Optional.of(new Choice.None());
                    case "required" -> Optional.of(new Choice.Any());
                    default -> throw JsonFields.wrong("tool_choice", "auto, none, required or an object");
                };
            }
            JsonFields object = JsonFields.of(choice, "tool_choice");
            return switch (object.requiredString("type")) {
                case "function" -> Optional.of(new Choice.Named(object.requiredString("name")));
                case "allowed_tools" -> Optional.of(allowed(object));
                default -> {
                    others.add(new Other(ResponsesDialect.NAME, "tool_choice", choice.toString()));
                    yield Optional.empty();
                }
            };
        }

        /** Tools that are not allowed are not offered; OpenAI sends them only for the sake of its prompt cache. */
        private Choice allowed(JsonFields choice) throws BadRequest {
            tools = tools.stream()
                    .filter(tool -> isAmong(choice.get("tools"), tool))
                    .toList();
            return choice.string("mode").equals("required") ? new Choice.Any() : new Choice.Auto();
        }

        private static boolean isAmong(JsonNode allowed, Tool tool) {
            for (JsonNode entry : allowed) {
                String type = entry.path("type").asText();
                boolean is = switch (tool) {
                    case Tools.Function function ->
                        type.equals("function") && entry.path("name").asText().equals(function.name());
                    case Tools.ForeignTool foreign -> type.equals(foreign.kind());
                };
                if (is) {
                    return true;
                }
            }
            return false;
        }
    }
}
