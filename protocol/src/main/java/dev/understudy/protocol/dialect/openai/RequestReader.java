package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.OutputForm;
import dev.understudy.protocol.neutral.Reasoning;
import dev.understudy.protocol.neutral.Reasoning.Effort;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Turn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a request; what only this dialect knows is kept aside as it is. */
final class RequestReader {
    private static final Set<String> READ = Set.of(
            "model",
            "messages",
            "tools",
            "functions",
            "tool_choice",
            "function_call",
            "parallel_tool_calls",
            "response_format",
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "top_p",
            "top_k",
            "frequency_penalty",
            "presence_penalty",
            "seed",
            "stop",
            "n",
            "logprobs",
            "top_logprobs",
            "reasoning_effort",
            "reasoning",
            "thinking",
            "stream",
            "stream_options",
            "user",
            "metadata",
            "service_tier");

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
        return new NeutralRequest.Builder(turns())
                .tools(ToolsReader.read(body)).output(output()).sampling(sampling()).reasoning(reasoning()).stream(
                                body.path("stream").booleanValue())
                        .usageInStream(body.path("stream_options")
                                .path("include_usage")
                                .booleanValue())
                        .user(body.path("user").asText(""))
                        .metadata(labels())
                        .serviceTier(body.path("service_tier").asText(""))
                        .others(others())
                        .build();
    }

    private List<Turn> turns() throws BadRequest {
        JsonNode messages = body.path("messages");
        if (!messages.isArray()) {
            throw BadRequest.invalid("messages", "'messages' must be a list of messages.");
        }
        MessageReader reader = new MessageReader();
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            turns.add(reader.turn(messages.get(i), "messages[" + i + "]"));
        }
        return turns;
    }

    private OutputForm output() {
        JsonNode format = body.path("response_format");
        return switch (format.path("type").asText("")) {
            case "json_object" -> new OutputForm.Json();
            case "json_schema" -> {
                JsonNode schema = format.path("json_schema");
                yield new OutputForm.Schema(
                        schema.path("name").asText(""),
                        schema.path("description").asText(""),
                        schema.path("schema").isObject() ? schema.path("schema") : JsonTrees.emptyObject(),
                        ToolsReader.flag(schema.path("strict")));
            }
            default -> new OutputForm.Text();
        };
    }

    private Sampling sampling() throws BadRequest {
        OptionalLong limit = whole("max_completion_tokens");
        OptionalLong choices = whole("n");
        OptionalLong topLogprobs = whole("top_logprobs");
        return new Sampling.Builder()
                .maxTokens(limit.isPresent() ? limit : whole("max_tokens"))
                .temperature(number("temperature"))
                .topP(number("top_p"))
                .topK(whole("top_k"))
                .frequencyPenalty(number("frequency_penalty"))
                .presencePenalty(number("presence_penalty"))
                .seed(whole("seed"))
                .stop(stop())
                .choices(small(choices))
                .logprobs(ToolsReader.flag(body.path("logprobs")))
                .topLogprobs(small(topLogprobs))
                .build();
    }

    private static OptionalInt small(OptionalLong number) {
        return number.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(Math.clamp(number.getAsLong(), 0, Integer.MAX_VALUE));
    }

    private List<String> stop() throws BadRequest {
        JsonNode stop = body.path("stop");
        if (stop.isTextual()) {
            return List.of(stop.textValue());
        }
        if (isAbsent(stop)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : stop) {
            if (text.isTextual()) {
                texts.add(text.textValue());
            }
        }
        if (!stop.isArray() || texts.size() < stop.size()) {
            throw BadRequest.invalid("stop", "'stop' must be a string or a list of strings.");
        }
        return texts;
    }

    /** OpenAI's own member, OpenRouter's object, and that of Anthropic's which LiteLLM and others take too. */
    private Reasoning reasoning() {
        JsonNode object = body.path("reasoning");
        JsonNode thinking = body.path("thinking");
        Optional<Effort> effort = effort(body.path("reasoning_effort")).or(() -> effort(object.path("effort")));
        OptionalLong budget = OptionalLong.empty();
        if (object.path("max_tokens").canConvertToLong()) {
            budget = OptionalLong.of(object.path("max_tokens").longValue());
        } else if (thinking.path("budget_tokens").canConvertToLong()) {
            budget = OptionalLong.of(thinking.path("budget_tokens").longValue());
        }
        if (thinking.path("type").asText("").equals("disabled")
                || (object.path("enabled").isBoolean()
                        && !object.path("enabled").booleanValue())) {
            effort = Optional.of(Effort.NONE);
        }
        Optional<Boolean> shown = ToolsReader.flag(object.path("exclude")).map(exclude -> !exclude);
        return new Reasoning(effort, budget, shown);
    }

    private static Optional<Effort> effort(JsonNode word) {
        return switch (word.asText("").toLowerCase(Locale.ROOT)) {
            case "none" -> Optional.of(Effort.NONE);
            case "minimal" -> Optional.of(Effort.MINIMAL);
            case "low" -> Optional.of(Effort.LOW);
            case "medium" -> Optional.of(Effort.MEDIUM);
            case "high" -> Optional.of(Effort.HIGH);
            case "xhigh", "max" -> Optional.of(Effort.XHIGH);
            default -> Optional.empty();
        };
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        body.path("metadata").properties().forEach(member -> {
            if (member.getValue().isTextual()) {
                labels.put(member.getKey(), member.getValue().textValue());
            }
        });
        return labels;
    }

    private List<NeutralRequest.Other> others() {
        List<NeutralRequest.Other> others = new ArrayList<>();
        body.properties().forEach(member -> {
            if (!READ.contains(member.getKey()) && !member.getValue().isNull()) {
                others.add(new NeutralRequest.Other(
                        OpenAiDialect.NAME, member.getKey(), member.getValue().toString()));
            }
        });
        return others;
    }

    private OptionalLong whole(String name) throws BadRequest {
        JsonNode value = body.path(name);
        if (isAbsent(value)) {
            return OptionalLong.empty();
        }
        if (!value.isNumber() || !value.canConvertToLong() || !value.canConvertToExactIntegral()) {
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

    static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }
}
