package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.Abilities;
import dev.understudy.protocol.dialect.Untranslatable;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.OutputForm;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Reasoning;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes a request for a chat completion. */
final class RequestWriter {
    /** OpenAI takes four stop sequences, and its compatibles as many. */
    private static final int MOST_STOPS = 4;

    private static final BigDecimal HOTTEST = BigDecimal.valueOf(2);

    private final NeutralRequest request;
    private final String model;
    private final Abilities abilities;
    private final List<String> warnings = new ArrayList<>();

    RequestWriter(NeutralRequest request, String model, Abilities abilities) {
        this.request = request;
        this.model = model;
        this.abilities = abilities;
    }

    WrittenRequest written() throws Untranslatable {
        Sayable.check(request);
        List<Turn> turns = Sayable.turns(request.turns(), warnings);
        Optional<String> form = formInWords();
        byte[] body = JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeArrayFieldStart("messages");
            MessageWriter messages = new MessageWriter(json, systemRole());
            if (form.isPresent()) {
                messages.turn(Turn.of(Turn.Role.SYSTEM, Part.Text.of(form.get())));
            }
            for (Turn turn : turns) {
                messages.turn(turn);
            }
            json.writeEndArray();
            tools(json);
            output(json);
            sampling(json);
            reasoning(json);
            labels(json);
            if (request.stream()) {
                json.writeBooleanField("stream", true);
                // Always: callers of most other dialects are told the tokens without asking.
                json.writeObjectFieldStart("stream_options");
                json.writeBooleanField("include_usage", true);
                json.writeEndObject();
            }
            others(json);
            json.writeEndObject();
        });
        return new WrittenRequest(body, warnings);
    }

    /** Models of OpenAI's that think have no place for {@code max_tokens} and no words of the system but the developer's. */
    private boolean isReasoningModelOfOpenAi() {
        String bare = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return bare.matches("(o[1-9]|gpt-[5-9]).*") && !bare.contains("-chat");
    }

    private String systemRole() {
        return isReasoningModelOfOpenAi() ? "developer" : "system";
    }

    /** A schema that the vendor cannot hold the model to is put into words. */
    private Optional<String> formInWords() {
        if (abilities.schema() == Abilities.Can.NO && request.output() instanceof OutputForm.Schema schema) {
            warnings.add("response_format: the model is asked in words to meet the schema");
            return Optional.of("Answer with one JSON value that meets this JSON schema, and with nothing else:\n"
                    + schema.schema());
        }
        return Optional.empty();
    }

    private void tools(JsonGenerator json) throws IOException {
        Tools tools = request.tools();
        if (tools.tools().isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        for (Tools.Tool tool : tools.tools()) {
            switch (tool) {
                case Tools.Function function -> function(json, function);
                case Tools.ForeignTool foreign -> json.writeRawValue(foreign.json());
            }
        }
        json.writeEndArray();
        if (tools.choice().isPresent()) {
            json.writeFieldName("tool_choice");
            choice(json, tools.choice().get());
        }
        if (tools.parallel().isPresent()) {
            json.writeBooleanField("parallel_tool_calls", tools.parallel().get());
        }
    }

    private static void function(JsonGenerator json, Tools.Function function) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "function");
        json.writeObjectFieldStart("function");
        json.writeStringField("name", function.name());
        if (!function.description().isEmpty()) {
            json.writeStringField("description", function.description());
        }
        if (!function.parameters().isEmpty()) {
            json.writeFieldName("parameters");
            json.writeRawValue(function.parameters().toString());
        }
        if (function.strict().isPresent()) {
            json.writeBooleanField("strict", function.strict().get());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void choice(JsonGenerator json, Tools.Choice choice) throws IOException {
        switch (choice) {
            case Tools.Choice.Auto auto -> json.writeString("auto");
            case Tools.Choice.None none -> json.writeString("none");
            case Tools.Choice.Any any -> json.writeString("required");
            case Tools.Choice.Named named -> {
                json.writeStartObject();
                json.writeStringField("type", "function");
                json.writeObjectFieldStart("function");
                json.writeStringField("name", named.name());
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    private void output(JsonGenerator json) throws IOException {
        switch (request.output()) {
            case OutputForm.Text text -> {}
            case OutputForm.Json any -> type(json, "json_object");
            case OutputForm.Schema schema -> {
                if (abilities.schema() == Abilities.Can.NO) {
                    type(json, "json_object");
                } else {
                    schema(json, schema);
                }
            }
        }
    }

    private static void type(JsonGenerator json, String type) throws IOException {
        json.writeObjectFieldStart("response_format");
        json.writeStringField("type", type);
        json.writeEndObject();
    }

    private static void schema(JsonGenerator json, OutputForm.Schema schema) throws IOException {
        json.writeObjectFieldStart("response_format");
        json.writeStringField("type", "json_schema");
        json.writeObjectFieldStart("json_schema");
        json.writeStringField("name", schema.name().isEmpty() ? "answer" : schema.name());
        if (!schema.description().isEmpty()) {
            json.writeStringField("description", schema.description());
        }
        json.writeFieldName("schema");
        json.writeRawValue(schema.schema().toString());
        if (schema.strict().isPresent()) {
            json.writeBooleanField("strict", schema.strict().get());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void sampling(JsonGenerator json) throws IOException {
        Sampling sampling = request.sampling();
        if (sampling.maxTokens().isPresent()) {
            json.writeNumberField(
                    isReasoningModelOfOpenAi() ? "max_completion_tokens" : "max_tokens",
                    sampling.maxTokens().getAsLong());
        }
        temperature(json, sampling.temperature());
        number(json, "top_p", sampling.topP());
        number(json, "frequency_penalty", sampling.frequencyPenalty());
        number(json, "presence_penalty", sampling.presencePenalty());
        if (sampling.seed().isPresent()) {
            json.writeNumberField("seed", sampling.seed().getAsLong());
        }
        if (sampling.topK().isPresent()) {
            warnings.add("top_k: dropped, Chat Completions has none");
        }
        stop(json, sampling.stop());
        if (sampling.choices().orElse(1) > 1) {
            json.writeNumberField("n", sampling.choices().getAsInt());
        }
        if (sampling.logprobs().isPresent()) {
            json.writeBooleanField("logprobs", sampling.logprobs().get());
        }
        if (sampling.topLogprobs().isPresent()) {
            json.writeNumberField("top_logprobs", sampling.topLogprobs().getAsInt());
        }
    }

    private void temperature(JsonGenerator json, Optional<BigDecimal> temperature) throws IOException {
        if (temperature.isPresent() && temperature.get().compareTo(HOTTEST) > 0) {
            warnings.add("temperature: " + temperature.get().toPlainString() + " became 2, the highest there is");
            number(json, "temperature", Optional.of(HOTTEST));
        } else {
            number(json, "temperature", temperature);
        }
    }

    private static void number(JsonGenerator json, String name, Optional<BigDecimal> value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.get());
        }
    }

    private void stop(JsonGenerator json, List<String> stop) throws IOException {
        if (stop.isEmpty()) {
            return;
        }
        if (stop.size() > MOST_STOPS) {
            warnings.add(
                    "stop: the first " + MOST_STOPS + " of " + stop.size() + " were kept, which is all there may be");
        }
        json.writeArrayFieldStart("stop");
        for (String text : stop.subList(0, Math.min(MOST_STOPS, stop.size()))) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** OpenAI has a word for how much; models of others are only told where they are known to understand it. */
    private void reasoning(JsonGenerator json) throws IOException {
        Optional<Reasoning.Effort> effort = request.reasoning().asEffort();
        if (effort.isEmpty()) {
            return;
        }
        boolean understood = abilities.thinking() == Abilities.Thinking.EFFORT || isReasoningModelOfOpenAi();
        if (understood) {
            json.writeStringField("reasoning_effort", effort.get().name().toLowerCase(Locale.ROOT));
        } else if (effort.get() != Reasoning.Effort.NONE) {
            warnings.add("reasoning_effort: dropped, " + model + " is not known to take it");
        }
    }

    private void labels(JsonGenerator json) throws IOException {
        if (!request.user().isEmpty()) {
            json.writeStringField("user", request.user());
        }
        if (!request.metadata().isEmpty() && isOfOpenAi()) {
            json.writeObjectFieldStart("metadata");
            for (Map.Entry<String, String> label : request.metadata().entrySet()) {
                json.writeStringField(label.getKey(), label.getValue());
            }
            json.writeEndObject();
        } else if (!request.metadata().isEmpty()) {
            warnings.add("metadata: dropped, it stays with the vendor that it was meant for");
        }
        switch (request.serviceTier()) {
            case "" -> {}
            case "auto", "default", "flex", "priority", "scale" ->
                json.writeStringField("service_tier", request.serviceTier());
            // Anthropic's word for it.
            case "standard_only" -> json.writeStringField("service_tier", "default");
            default -> warnings.add("service_tier: dropped, there is no " + request.serviceTier());
        }
    }

    /** Only there, labels of one caller are sure to be understood: OpenAI refuses them without {@code store}. */
    private boolean isOfOpenAi() {
        return request.others().stream().anyMatch(other -> other.dialect().equals(OpenAiDialect.NAME));
    }

    private void others(JsonGenerator json) throws IOException {
        for (NeutralRequest.Other other : request.others()) {
            if (other.dialect().equals(OpenAiDialect.NAME)) {
                json.writeFieldName(other.name());
                json.writeRawValue(other.json());
            } else {
                warnings.add(other.name() + ": dropped, Chat Completions has none");
            }
        }
    }
}
