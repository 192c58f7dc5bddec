package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads {@code generationConfig}. */
final class ConfigReader {
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);

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

    private final JsonNode config;
    private final List<Other> others;

    /** @param config an object or missing */
    ConfigReader(JsonNode config, List<Other> others) {
        this.config = config;
        this.others = others;
    }

    Sampling sampling() throws BadRequest {
        OptionalLong candidates = whole("candidateCount");
        OptionalLong alternatives = whole("logprobs");
        return new Sampling.Builder()
                .maxTokens(whole("maxOutputTokens"))
                .temperature(number(config, "temperature"))
                .topP(number(config, "topP"))
                .topK(whole("topK"))
                .frequencyPenalty(number(config, "frequencyPenalty"))
                .presencePenalty(number(config, "presencePenalty"))
                .seed(whole("seed"))
                .stop(stop())
                .choices(toInt(candidates))
                .logprobs(flag(config, "responseLogprobs"))
                .topLogprobs(toInt(alternatives))
                .build();
    }

    /** A budget of -1 leaves it to the model, as silence does. */
    ReasoningSettings reasoning() throws BadRequest {
        JsonNode thinking = Spelling.get(config, "thinkingConfig");
        OptionalLong budget = whole(thinking, "thinkingBudget");
        Optional<ReasoningSettings.Effort> level =
                switch (Spelling.text(thinking, "thinkingLevel").toLowerCase(Locale.ROOT)) {
                    case "minimal" -> Optional.of(ReasoningSettings.Effort.MINIMAL);
                    case "low" -> Optional.of(ReasoningSettings.Effort.LOW);
                    case "medium" -> Optional.of(ReasoningSettings.Effort.MEDIUM);
                    case "high" -> Optional.of(ReasoningSettings.Effort.HIGH);
                    default -> Optional.empty();
                };
        return new ReasoningSettings(
                level,
                budget.isPresent() && budget.getAsLong() < 0 ? OptionalLong.empty() : budget,
                flag(thinking, "includeThoughts"));
    }

    ResponseFormat output() {
        JsonNode format = Spelling.get(Spelling.get(config, "responseFormat"), "text");
        String type = Spelling.text(config, "responseMimeType") + Spelling.text(format, "mimeType");
        if (!isJson(type)) {
            return new ResponseFormat.Text();
        }
        for (String name : List.of("responseJsonSchema", "_responseJsonSchema")) {
            JsonNode schema = Spelling.get(config, name);
            if (schema.isObject()) {
                return schema(schema);
            }
        }
        JsonNode schema = Spelling.get(format, "schema");
        if (schema.isObject()) {
            return schema(schema);
        }
        JsonNode own = Spelling.get(config, "responseSchema");
        return own.isObject() ? schema(RequestReader.SchemaReader.jsonSchema(own)) : new ResponseFormat.Json();
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.equals("APPLICATION_JSON");
    }

    private static ResponseFormat schema(JsonNode schema) {
        return new ResponseFormat.Schema("", "", schema, Optional.empty());
    }

    /** Keeps what has no place elsewhere. */
    void others() {
        boolean json = !(output() instanceof ResponseFormat.Text);
        for (Map.Entry<String, JsonNode> member : config.properties()) {
            String name = Spelling.camel(member.getKey());
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

    private List<String> stop() throws BadRequest {
        JsonNode stop = Spelling.get(config, "stopSequences");
        List<String> read = new ArrayList<>();
        for (JsonNode one : stop.isArray() ? stop : List.of(stop)) {
            if (one.isTextual()) {
                read.add(one.textValue());
            } else if (!one.isMissingNode()) {
                throw wrong("stopSequences", "a list of strings");
            }
        }
        return read;
    }

    private OptionalLong whole(String name) throws BadRequest {
        return whole(config, name);
    }

    private static OptionalLong whole(JsonNode object, String name) throws BadRequest {
        Optional<BigDecimal> number = number(object, name);
        return number.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(number.get().min(MOST).max(LEAST).longValue());
    }

    private static OptionalInt toInt(OptionalLong number) {
        return number.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.max(0, Math.min(Integer.MAX_VALUE, number.getAsLong())));
    }

    /** A number, or one in quotes, as ProtoJSON may spell it. */
    private static Optional<BigDecimal> number(JsonNode object, String name) throws BadRequest {
        JsonNode value = Spelling.get(object, name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value.isNumber()) {
            return Optional.of(sane(value.decimalValue(), name));
        }
        if (value.isTextual() && value.textValue().length() <= 40) {
            try {
                return Optional.of(sane(new BigDecimal(value.textValue()), name));
            } catch (NumberFormatException noNumber) {
                throw wrong(name, "a number");
            }
        }
        throw wrong(name, "a number");
    }

    private static BigDecimal sane(BigDecimal number, String name) throws BadRequest {
        if (Math.abs((long) number.scale()) > 400 || number.precision() > 400) {
            throw wrong(name, "a sensible number");
        }
        return number;
    }

    private static Optional<Boolean> flag(JsonNode object, String name) throws BadRequest {
        JsonNode value = Spelling.get(object, name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.booleanValue());
    }

    private static BadRequest wrong(String name, String expected) {
        String field = "generationConfig." + name;
        return BadRequest.invalid(field, "'" + field + "' must be " + expected + ".");
    }
}
