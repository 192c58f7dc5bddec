package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.Abilities;
import dev.understudy.protocol.dialect.Abilities.Can;
import dev.understudy.protocol.dialect.Untranslatable;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.OutputForm;
import dev.understudy.protocol.neutral.Reasoning;
import dev.understudy.protocol.neutral.Reasoning.Effort;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Tools;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes one request. What the model's {@linkplain ModelFamily family} is known to refuse is not sent. */
final class RequestWriter {
    private static final BigDecimal HIGHEST = BigDecimal.TWO;
    private static final BigDecimal MISTRALS_HIGHEST = new BigDecimal("1.5");

    private final NeutralRequest request;
    private final String model;
    private final Abilities abilities;
    private final ModelFamily family;
    private final List<String> warnings = new ArrayList<>();

    RequestWriter(NeutralRequest request, String model, Abilities abilities) {
        this.request = request;
        this.model = model;
        this.abilities = abilities;
        this.family = ModelFamily.of(model);
    }

    WrittenRequest write() throws Untranslatable {
        refuse();
        MessageWriter messages = new MessageWriter(family, abilities, warnings);
        List<String> written = messages.messages(request.turns(), instruction());
        byte[] body = JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeArrayFieldStart("messages");
            for (String message : written) {
                json.writeRawValue(message);
            }
            json.writeEndArray();
            tools(json);
            output(json);
            sampling(json);
            reasoning(json);
            stream(json);
            labels(json);
            others(json);
            json.writeEndObject();
        });
        return new WrittenRequest(body, warnings);
    }

    private void refuse() throws Untranslatable {
        int index = 0;
        for (Tools.Tool tool : request.tools().tools()) {
            if (tool instanceof Tools.ForeignTool foreign && !foreign.dialect().equals(OpenAiDialect.NAME)) {
                throw new Untranslatable(
                        "tools[" + index + "]", "Chat Completions has no tool like " + foreign.kind() + ".");
            }
            index++;
        }
        if (index > 0 && abilities.tools() == Can.NO) {
            throw new Untranslatable("tools", "The model cannot ask for tools.");
        }
        if (!request.sampling().stop().isEmpty() && family == ModelFamily.OPENAI_REASONING) {
            throw new Untranslatable("stop", "OpenAI's reasoning models take no stop sequences.");
        }
        if (request.sampling().stop().size() > 4 && family == ModelFamily.OPENAI) {
            throw new Untranslatable("stop", "OpenAI takes at most 4 stop sequences.");
        }
    }

    private boolean holdsSchema() {
        return abilities.schema() != Can.NO && (family != ModelFamily.DEEPSEEK || abilities.schema() == Can.YES);
    }

    /** What has to be said in words; empty if nothing has. */
    private String instruction() {
        return switch (request.output()) {
            case OutputForm.Schema schema
            when !holdsSchema() -> {
                warnings.add("response_format: the schema was put into the instructions");
                yield "Answer with JSON that meets this schema, and with nothing else:\n" + schema.schema();
            }
            // OpenAI and others refuse the mode where no message speaks of JSON.
            case OutputForm.Json json
            when !MessageWriter.speaksOfJson(request.turns()) -> {
                warnings.add("response_format: the instructions were told to ask for JSON");
                yield "Answer in JSON.";
            }
            default -> "";
        };
    }

    private void tools(JsonGenerator json) throws IOException {
        Tools tools = request.tools();
        List<Tools.ForeignTool> members = new ArrayList<>();
        List<Tools.Tool> listed = new ArrayList<>();
        for (Tools.Tool tool : tools.tools()) {
            if (tool instanceof Tools.ForeignTool foreign && foreign.kind().equals("web_search_options")) {
                members.add(foreign);
            } else {
                listed.add(tool);
            }
        }
        for (Tools.ForeignTool member : members) {
            json.writeFieldName(member.kind());
            json.writeRawValue(member.json());
        }
        if (listed.isEmpty()) {
            if (tools.choice().isPresent() && members.isEmpty()) {
                warnings.add("tool_choice: dropped, there are no tools");
            }
            return;
        }
        json.writeArrayFieldStart("tools");
        for (Tools.Tool tool : listed) {
            switch (tool) {
                case Tools.Function function -> function(json, function);
                case Tools.ForeignTool foreign -> json.writeRawValue(foreign.json());
            }
        }
        json.writeEndArray();
        if (tools.choice().isPresent()) {
            choice(json, tools.choice().get());
        }
        if (tools.parallel().isPresent()) {
            if (model.startsWith("o") && family == ModelFamily.OPENAI_REASONING) {
                warnings.add("parallel_tool_calls: dropped, the o-series has none");
            } else {
                json.writeBooleanField("parallel_tool_calls", tools.parallel().get());
            }
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
        json.writeFieldName("parameters");
        // Some want a schema also where there is nothing to describe.
        json.writeRawValue(
                function.parameters().isEmpty()
                        ? "{\"type\":\"object\",\"properties\":{}}"
                        : function.parameters().toString());
        if (function.strict().isPresent()) {
            json.writeBooleanField("strict", function.strict().get());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void choice(JsonGenerator json, Tools.Choice choice) throws IOException {
        switch (choice) {
            case Tools.Choice.Auto auto -> json.writeStringField("tool_choice", "auto");
            case Tools.Choice.None none -> json.writeStringField("tool_choice", "none");
            case Tools.Choice.Any any -> json.writeStringField("tool_choice", "required");
            case Tools.Choice.Named named -> {
                json.writeObjectFieldStart("tool_choice");
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
            case OutputForm.Json any -> jsonMode(json);
            case OutputForm.Schema schema
            when holdsSchema() -> {
                json.writeObjectFieldStart("response_format");
                json.writeStringField("type", "json_schema");
                json.writeObjectFieldStart("json_schema");
                String name = schema.name().replaceAll("[^a-zA-Z0-9_-]", "_");
                json.writeStringField(
                        "name", name.isEmpty() ? "answer" : name.substring(0, Math.min(64, name.length())));
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
            case OutputForm.Schema schema -> {
                if (schema.schema().path("type").asText("").equals("object")) {
                    jsonMode(json);
                }
            }
        }
    }

    private static void jsonMode(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("response_format");
        json.writeStringField("type", "json_object");
        json.writeEndObject();
    }

    private void sampling(JsonGenerator json) throws IOException {
        Sampling sampling = request.sampling();
        if (sampling.maxTokens().isPresent()) {
            long limit = sampling.maxTokens().getAsLong();
            if (abilities.maxOutput().isPresent()
                    && limit > abilities.maxOutput().getAsInt()) {
                limit = abilities.maxOutput().getAsInt();
                warnings.add("max_tokens: " + sampling.maxTokens().getAsLong() + " became " + limit
                        + ", the model's highest");
            }
            boolean reasoning = family == ModelFamily.OPENAI_REASONING;
            json.writeNumberField(reasoning ? "max_completion_tokens" : "max_tokens", limit);
        }
        Optional<BigDecimal> temperature = sampling.temperature();
        BigDecimal highest = family == ModelFamily.MISTRAL ? MISTRALS_HIGHEST : HIGHEST;
        if (family != ModelFamily.OPENAI_REASONING
                && temperature.filter(t -> t.compareTo(highest) > 0).isPresent()) {
            warnings.add("temperature: " + temperature.get() + " became " + highest + ", the highest there is");
            temperature = Optional.of(highest);
        }
        drawn(json, "temperature", temperature);
        drawn(json, "top_p", sampling.topP());
        drawn(json, "frequency_penalty", sampling.frequencyPenalty());
        drawn(json, "presence_penalty", sampling.presencePenalty());
        if (sampling.topK().isPresent()) {
            warnings.add("top_k: dropped, few servers of Chat Completions take it");
        }
        if (sampling.seed().isPresent()) {
            json.writeNumberField(
                    family == ModelFamily.MISTRAL ? "random_seed" : "seed",
                    sampling.seed().getAsLong());
        }
        if (!sampling.stop().isEmpty()) {
            json.writeArrayFieldStart("stop");
            for (String text : sampling.stop()) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
        if (sampling.choices().orElse(1) > 1) {
            json.writeNumberField("n", sampling.choices().getAsInt());
        }
        if (sampling.logprobs().orElse(false)) {
            if (family == ModelFamily.MISTRAL || family == ModelFamily.OPENAI_REASONING) {
                warnings.add("logprobs: dropped, the model has none");
            } else {
                json.writeBooleanField("logprobs", true);
                if (sampling.topLogprobs().isPresent()) {
                    json.writeNumberField("top_logprobs", sampling.topLogprobs().getAsInt());
                }
            }
        }
    }

    private void drawn(JsonGenerator json, String name, Optional<BigDecimal> value) throws IOException {
        if (value.isEmpty()) {
            return;
        }
        boolean penalty = name.endsWith("penalty");
        if (family != ModelFamily.OPENAI_REASONING || (!penalty && isToldNotToThink())) {
            json.writeNumberField(name, value.get());
        } else if (value.get().compareTo(penalty ? BigDecimal.ZERO : BigDecimal.ONE) != 0) {
            warnings.add(name + ": dropped, OpenAI's reasoning models have none");
        }
    }

    /** From 5.1 on, OpenAI's models can do without thoughts, and then say how words are drawn. */
    private boolean isToldNotToThink() {
        return request.reasoning().asEffort().filter(Effort.NONE::equals).isPresent()
                && OpenAiEfforts.nearest(model, Effort.NONE) == Effort.NONE;
    }

    private void reasoning(JsonGenerator json) throws IOException {
        Reasoning reasoning = request.reasoning();
        Optional<Effort> asked = reasoning.asEffort();
        if (asked.isEmpty()) {
            return;
        }
        Effort effort = asked.get();
        if (family == ModelFamily.DEEPSEEK) {
            json.writeObjectFieldStart("thinking");
            json.writeStringField("type", effort == Effort.NONE ? "disabled" : "enabled");
            json.writeEndObject();
            return;
        }
        boolean cannot = family == ModelFamily.OPENAI
                || family == ModelFamily.MISTRAL
                || abilities.thinking() == Abilities.Thinking.NONE;
        if (cannot) {
            if (effort != Effort.NONE) {
                warnings.add("reasoning_effort: dropped, the model takes none");
            }
            return;
        }
        Effort taken = family == ModelFamily.OPENAI_REASONING ? OpenAiEfforts.nearest(model, effort) : effort;
        if (taken != effort) {
            warnings.add("reasoning_effort: " + word(effort) + " became " + word(taken) + ", which the model has");
        } else if (reasoning.effort().isEmpty()) {
            warnings.add(
                    "reasoning_effort: a budget of " + reasoning.budget().orElse(0) + " tokens became " + word(taken));
        }
        json.writeStringField("reasoning_effort", word(taken));
    }

    private static String word(Effort effort) {
        return effort.name().toLowerCase(Locale.ROOT);
    }

    private void stream(JsonGenerator json) throws IOException {
        if (!request.stream()) {
            return;
        }
        json.writeBooleanField("stream", true);
        // Mistral counts without being asked, and refuses the question.
        if (family != ModelFamily.MISTRAL) {
            json.writeObjectFieldStart("stream_options");
            json.writeBooleanField("include_usage", true);
            json.writeEndObject();
        }
    }

    private void labels(JsonGenerator json) throws IOException {
        if (!request.user().isEmpty()) {
            if (family == ModelFamily.MISTRAL) {
                warnings.add("user: dropped, Mistral has none");
            } else {
                json.writeStringField("user", request.user());
            }
        }
        if (!request.metadata().isEmpty()) {
            warnings.add("metadata: dropped, few servers of Chat Completions take it");
        }
        if (!request.serviceTier().isEmpty()) {
            if (family.isOpenAi()
                    && List.of("auto", "default", "flex", "priority").contains(request.serviceTier())) {
                json.writeStringField("service_tier", request.serviceTier());
            } else {
                warnings.add("service_tier: dropped, " + request.serviceTier() + " is another vendor's");
            }
        }
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
