package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads {@code generationConfig}. */
final class ConfigReader {
    private static final Set<String> READ = Set.of(
            "temperature",
            "topP",
            "topK",
            "candidateCount",
            "maxOutputTokens",
            "stopSequences",
            "seed",
            "presencePenalty",
            "frequencyPenalty",
            "responseLogprobs",
            "logprobs",
            "thinkingConfig");

    private static final Set<String> OF_JSON =
            Set.of("responseMimeType", "responseSchema", "responseJsonSchema", "_responseJsonSchema");

    private final JsonFields config;
    private final List<Other> others;

    /** @param config without members if the request has none */
    ConfigReader(JsonFields config, List<Other> others) {
        this.config = config;
        this.others = others;
    }

    Sampling sampling() throws BadRequest {
        return new Sampling.Builder()
                .maxTokens(config.integer("maxOutputTokens"))
                .temperature(config.number("temperature"))
                .topP(config.number("topP"))
                .topK(config.integer("topK"))
                .frequencyPenalty(config.number("frequencyPenalty"))
                .presencePenalty(config.number("presencePenalty"))
                .seed(config.integer("seed"))
                .stop(config.strings("stopSequences"))
                .choices(config.smallCount("candidateCount"))
                .logprobs(config.flag("responseLogprobs"))
                .topLogprobs(config.smallCount("logprobs"))
                .build();
    }

    /** A budget of -1 leaves the amount to the model, as an absent one does. */
    ReasoningSettings reasoning() throws BadRequest {
        JsonFields reasoning = config.at("thinkingConfig");
        OptionalLong budget = reasoning.integer("thinkingBudget");
        Optional<ReasoningSettings.Effort> level =
                switch (reasoning.text("thinkingLevel").toLowerCase(Locale.ROOT)) {
                    case "minimal" -> Optional.of(ReasoningSettings.Effort.MINIMAL);
                    case "low" -> Optional.of(ReasoningSettings.Effort.LOW);
                    case "medium" -> Optional.of(ReasoningSettings.Effort.MEDIUM);
                    case "high" -> Optional.of(ReasoningSettings.Effort.HIGH);
                    default -> Optional.empty();
                };
        return new ReasoningSettings(
                level,
                budget.isPresent() && budget.getAsLong() < 0 ? OptionalLong.empty() : budget,
                reasoning.flag("includeThoughts"));
    }

    ResponseFormat output() {
        JsonFields format = config.at("responseFormat").at("text");
        String type = config.text("responseMimeType") + format.text("mimeType");
        if (!isJson(type)) {
            return new ResponseFormat.Text();
        }
        for (String name : List.of("responseJsonSchema", "_responseJsonSchema")) {
            JsonNode schema = config.get(name);
            if (schema.isObject()) {
                return schema(schema);
            }
        }
        JsonNode schema = format.get("schema");
        if (schema.isObject()) {
            return schema(schema);
        }
        JsonNode own = config.get("responseSchema");
        return own.isObject() ? schema(RequestReader.SchemaReader.jsonSchema(own)) : new ResponseFormat.Json();
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.equals("APPLICATION_JSON");
    }

    private static ResponseFormat schema(JsonNode schema) {
        return new ResponseFormat.Schema("", "", schema, Optional.empty());
    }

    /** Keeps the members that have no place in the neutral form. */
    void others() {
        boolean json = !(output() instanceof ResponseFormat.Text);
        for (Map.Entry<String, JsonNode> member : config.json().properties()) {
            String name = JsonFields.camelCase(member.getKey());
            boolean read = READ.contains(name)
                    || (json && (OF_JSON.contains(name) || name.equals("responseFormat")))
                    || (name.equals("responseMimeType")
                            && member.getValue().asText("").equals("text/plain"));
            if (!read && !member.getValue().isNull()) {
                others.add(new Other(
                        GeminiDialect.NAME,
                        "generationConfig." + name,
                        member.getValue().toString()));
            }
        }
    }
}
