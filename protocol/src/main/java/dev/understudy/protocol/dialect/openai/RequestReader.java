package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.ByteSearch;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.Sampling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a whole chat request. Members that are {@code null} are as good as absent. */
final class RequestReader {
    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);

    /** What has its place in the neutral form; all else is an {@link Other}. */
    private static final Set<String> READ = Set.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "tools",
            "functions",
            "tool_choice",
            "function_call",
            "parallel_tool_calls",
            "web_search_options",
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
            "include_reasoning",
            "user",
            "metadata",
            "service_tier");

    private final JsonNode body;

    private RequestReader(JsonNode body) {
        this.body = body;
    }

    static NeutralRequest read(byte[] bytes) throws BadRequest {
        JsonNode body = JsonTrees.read(bytes);
        if (!body.isObject()) {
            throw BadRequest.notJson("The request body must be a JSON object.");
        }
        return new RequestReader(body).request();
    }

    /** Reads a request for a target of another dialect. */
    static NeutralRequest readPortable(byte[] bytes) throws BadRequest {
        JsonNode body = JsonTrees.read(bytes);
        if (!body.isObject()) {
            throw BadRequest.notJson("The request body must be a JSON object.");
        }
        return new RequestReader(ByteSearch.mayBeIn(bytes, "\"custom\"") ? CustomTools.portable(body) : body).request();
    }

    private NeutralRequest request() throws BadRequest {
        JsonNode messages = body.path("messages");
        if (!messages.isArray()) {
            throw BadRequest.missing("messages", "The request has no list of 'messages'.");
        }
        return new NeutralRequest.Builder(new MessageReader().turns(messages))
                        .tools(ToolReader.tools(body))
                        .output(ToolReader.output(body.path("response_format")))
                        .sampling(sampling())
                        .reasoning(reasoning(body))
                        .stream(body.path("stream").asBoolean(false))
                        .usageInStream(body.path("stream_options")
                                .path("include_usage")
                                .asBoolean(false))
                        .user(body.path("user").asText(""))
                        .metadata(metadata())
                        .serviceTier(text("service_tier"))
                        .others(others())
                        .build();
    }

    private Sampling sampling() throws BadRequest {
        OptionalLong limit = whole("max_completion_tokens");
        return new Sampling.Builder()
                .maxTokens(limit.isPresent() ? limit : whole("max_tokens"))
                .temperature(number("temperature"))
                .topP(number("top_p"))
                .topK(whole("top_k"))
                .frequencyPenalty(number("frequency_penalty"))
                .presencePenalty(number("presence_penalty"))
                .seed(whole("seed"))
                .stop(stop())
                .choices(small("n"))
                .logprobs(flag(body, "logprobs"))
                .topLogprobs(small("top_logprobs"))
                .build();
    }

    private List<String> stop() throws BadRequest {
        JsonNode stop = body.path("stop");
        if (stop.isTextual()) {
            return List.of(stop.asText());
        }
        List<String> all = new ArrayList<>();
        for (JsonNode text : stop) {
            if (text.isTextual()) {
                all.add(text.asText());
            }
        }
        boolean texts = stop.isArray() ? all.size() == stop.size() : stop.isMissingNode() || stop.isNull();
        if (!texts) {
            throw BadRequest.invalid("stop", "'stop' must be a string or a list of strings.");
        }
        return all;
    }

    private Map<String, String> metadata() {
        Map<String, String> labels = new LinkedHashMap<>();
        body.path("metadata").properties().forEach(label -> labels.put(label.getKey(), said(label.getValue())));
        return labels;
    }

    private static String said(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }

    private List<Other> others() {
        List<Other> others = new ArrayList<>();
        body.properties().forEach(member -> {
            if (!READ.contains(member.getKey()) && !member.getValue().isNull()) {
                others.add(new Other(
                        OpenAiDialect.NAME, member.getKey(), member.getValue().toString()));
            }
        });
        return others;
    }

    private String text(String name) {
        return body.path(name).isTextual() ? body.path(name).asText() : "";
    }

    private Optional<BigDecimal> number(String name) throws BadRequest {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isNumber()) {
            throw BadRequest.invalid(name, "'" + name + "' must be a number.");
        }
        return Optional.of(value.decimalValue());
    }

    private OptionalLong whole(String name) throws BadRequest {
        Optional<BigDecimal> number = number(name);
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        BigDecimal value = number.get();
        // Compared first: the digits of 1e999999999 would fill the memory.
        if (value.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw BadRequest.invalid(name, "'" + name + "' is out of range.");
        }
        if (value.stripTrailingZeros().scale() > 0) {
            throw BadRequest.invalid(name, "'" + name + "' must be a whole number.");
        }
        return OptionalLong.of(value.longValue());
    }

    private OptionalInt small(String name) throws BadRequest {
        Optional<BigDecimal> number = number(name);
        return number.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(number.get().max(BigDecimal.ZERO).min(MOST).intValue());
    }

    static Optional<Boolean> flag(JsonNode object, String name) throws BadRequest {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw BadRequest.invalid(name, "'" + name + "' must be true or false.");
        }
        return Optional.of(value.asBoolean());
    }

    /**
     * How much the model is to reason: {@code reasoning_effort} (OpenAI), {@code reasoning} (OpenRouter), {@code thinking}
     * (DeepSeek, LiteLLM).
     */
    private static ReasoningSettings reasoning(JsonNode body) {
        JsonNode reasoning = body.path("reasoning");
        JsonNode thinking = body.path("thinking");
        Optional<Effort> effort = effort(body.path("reasoning_effort"))
                .or(() -> effort(reasoning.path("effort")))
                .or(() -> switched(reasoning.path("enabled")));
        OptionalLong budget = budget(reasoning.path("max_tokens"));
        if (budget.isEmpty()) {
            budget = budget(thinking.path("budget_tokens"));
        }
        if (effort.isEmpty() && thinking.path("type").asText("").equals("disabled")) {
            effort = Optional.of(Effort.NONE);
        }
        if (effort.isEmpty()
                && budget.isEmpty()
                && thinking.path("type").asText("").equals("enabled")) {
            effort = Optional.of(Effort.MEDIUM);
        }
        Optional<Boolean> shown = Optional.empty();
        if (reasoning.path("exclude").isBoolean()) {
            shown = Optional.of(!reasoning.path("exclude").asBoolean());
        } else if (body.path("include_reasoning").isBoolean()) {
            shown = Optional.of(body.path("include_reasoning").asBoolean());
        }
        return new ReasoningSettings(effort, budget, shown);
    }

    /** OpenRouter's {@code enabled} stands for a medium effort. */
    private static Optional<Effort> switched(JsonNode enabled) {
        return enabled.isBoolean() ? Optional.of(enabled.asBoolean() ? Effort.MEDIUM : Effort.NONE) : Optional.empty();
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

    private static OptionalLong budget(JsonNode tokens) {
        return tokens.canConvertToLong() && tokens.asLong() >= 0
                ? OptionalLong.of(tokens.asLong())
                : OptionalLong.empty();
    }
}
