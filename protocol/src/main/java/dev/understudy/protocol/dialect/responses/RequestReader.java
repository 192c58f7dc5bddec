package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
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
 * <p>Members that point to something that only OpenAI has ({@code previous_response_id}, {@code conversation}, {@code
 * prompt}, {@code background}) become foreign parts of a turn of the user's in front of the input: without them the rest
 * means something else, and so no other dialect may leave them out.
 */
final class RequestReader {
    /** What is kept at OpenAI, and how {@link RequestWriter} knows it again. */
    static final Set<String> KEPT_THERE = Set.of("previous_response_id", "conversation", "prompt", "background");

    private static final String LOGPROBS = "message.output_text.logprobs";

    /** What has a place of its own in the neutral form, and the model, which each target has for itself. */
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

    private final Fields request;
    private final List<Other> others = new ArrayList<>();
    private final List<Part> kept = new ArrayList<>();
    private Optional<Boolean> logprobs = Optional.empty();
    private Optional<Boolean> shown = Optional.empty();
    private String safetyIdentifier = "";

    private RequestReader(Fields request) {
        this.request = request;
    }

    static NeutralRequest read(byte[] body) throws BadRequest {
        JsonNode tree = JsonTrees.read(body);
        if (!tree.isObject()) {
            throw BadRequest.notJson("The request body must be a JSON object.");
        }
        return new RequestReader(Fields.of(tree, "")).request();
    }

    private NeutralRequest request() throws BadRequest {
        for (Map.Entry<String, JsonNode> member : request.whole().properties()) {
            if (!PLACED.contains(member.getKey()) && !member.getValue().isNull()) {
                unplaced(member.getKey(), member.getValue());
            }
        }
        boolean stream = request.flag("stream").orElse(false);
        String user = request.text("user");
        return new NeutralRequest.Builder(turns())
                        .tools(ToolsReader.read(request, others))
                        .output(output())
                        .sampling(sampling())
                        .reasoning(reasoning())
                        .stream(stream)
                        .usageInStream(stream)
                        .user(user.isEmpty() ? safetyIdentifier : user)
                        .metadata(metadata())
                        .serviceTier(request.text("service_tier"))
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
                safetyIdentifier = request.text(name);
                if (request.has("user")) {
                    other(name, value);
                }
            }
            default -> {
                if (!KEPT_THERE.contains(name)) {
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

    /** The members of an object of which some have a place. */
    private void rest(String name, JsonNode object, Set<String> placed) throws BadRequest {
        for (Map.Entry<String, JsonNode> member :
                Fields.of(object, name).whole().properties()) {
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
            throw Fields.wrong("include", "a list");
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
        String instructions = request.text("instructions");
        if (!instructions.isEmpty()) {
            turns.add(Turn.of(Role.SYSTEM, Part.Text.of(instructions)));
        }
        if (!kept.isEmpty()) {
            turns.add(Turn.of(Role.USER, kept));
        }
        if (request.has("input") || kept.isEmpty()) {
            turns.addAll(ItemsReader.read(request.node("input")));
        }
        return turns;
    }

    private ResponseFormat output() throws BadRequest {
        if (!request.node("text").hasNonNull("format")) {
            return new ResponseFormat.Text();
        }
        Fields format = Fields.of(request.node("text").path("format"), "text.format");
        return switch (format.needed("type")) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.Json();
            case "json_schema" -> {
                if (!format.node("schema").isObject()) {
                    throw Fields.wrong("text.format.schema", "a JSON schema");
                }
                yield new ResponseFormat.Schema(
                        format.text("name"), format.text("description"), format.node("schema"), format.flag("strict"));
            }
            default -> throw Fields.wrong("text.format.type", "text, json_object or json_schema");
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

    /** An effort of a name that is not known is left to the model. */
    private ReasoningSettings reasoning() throws BadRequest {
        if (!request.has("reasoning")) {
            return ReasoningSettings.USUAL;
        }
        String effort = Fields.of(request.node("reasoning"), "reasoning").text("effort");
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
            Fields metadata = Fields.of(request.node("metadata"), "metadata");
            for (Map.Entry<String, JsonNode> label : metadata.whole().properties()) {
                JsonNode value = label.getValue();
                labels.put(label.getKey(), value.isValueNode() ? value.asText() : value.toString());
            }
        }
        return labels;
    }
}
