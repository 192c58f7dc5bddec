package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import dev.understudy.protocol.dialect.ModelTraits.SamplingRule;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.ToolSchema;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Writes a request.
 *
 * <p>For a caller of another dialect nothing is stored at OpenAI ({@code store} false), and functions and schemas are
 * not strict unless the caller says so: strict is the default here only. A caller of this dialect is recognized by
 * members that only this dialect has.
 */
final class RequestWriter {
    /** OpenAI refuses lower limits. */
    private static final long FEWEST_TOKENS = 16;

    private static final BigDecimal HIGHEST_TEMPERATURE = BigDecimal.valueOf(2);
    private static final Set<String> TIERS = Set.of("auto", "default", "flex", "scale", "priority");

    private final NeutralRequest request;
    private final String model;
    private final ModelCapabilities capabilities;
    private final boolean ownCaller;
    private final List<String> warnings = new ArrayList<>();

    private RequestWriter(NeutralRequest request, String model, ModelCapabilities capabilities) {
        this.request = request;
        this.model = model;
        this.capabilities = capabilities;
        this.ownCaller = isOwn(request);
    }

    static WrittenRequest write(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        return new RequestWriter(request, model, capabilities).written();
    }

    private static boolean isOwn(NeutralRequest request) {
        return request.others().stream().anyMatch(other -> other.dialect().equals(ResponsesDialect.NAME))
                || request.turns().stream()
                        .flatMap(turn -> turn.parts().stream())
                        .anyMatch(part -> part instanceof Part.Foreign foreign
                                && foreign.dialect().equals(ResponsesDialect.NAME));
    }

    private WrittenRequest written() throws UntranslatableRequest {
        refuseWhatThereIsNot(request.sampling());
        FormatWriter format = FormatWriter.of(request, capabilities, ownCaller, warnings);
        ToolsWriter tools = ToolsWriter.of(request.tools(), capabilities, ownCaller, warnings);
        ItemsWriter.Input input = ItemsWriter.write(request.turns(), format.instruction(), capabilities, warnings);
        List<Other> own = ownOthers();
        byte[] body = JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            if (!input.instructions().isEmpty()) {
                json.writeStringField("instructions", input.instructions());
            }
            json.writeFieldName("input");
            Output.RawJson.write(json, "[" + String.join(",", input.items()) + "]");
            for (Part.Foreign kept : input.kept()) {
                raw(json, kept.kind(), kept.json());
            }
            tools.write(json);
            text(json, format, own);
            reasoning(json, own);
            sampling(json, own);
            account(json);
            for (Other other : own) {
                if (!other.name().contains(".") && !other.name().equals("include")) {
                    raw(json, other.name(), other.json());
                }
            }
            json.writeEndObject();
        });
        return new WrittenRequest(body, warnings);
    }

    private void refuseWhatThereIsNot(Sampling sampling) throws UntranslatableRequest {
        if (!sampling.stop().isEmpty()) {
            throw new UntranslatableRequest("stop", "the Responses API has no stop sequences");
        }
        if (sampling.choices().orElse(1) > 1) {
            throw new UntranslatableRequest("n", "the Responses API returns a single choice");
        }
        dropped("top_k", sampling.topK().isPresent());
        dropped("frequency_penalty", sampling.frequencyPenalty().isPresent());
        dropped("presence_penalty", sampling.presencePenalty().isPresent());
        dropped("seed", sampling.seed().isPresent());
    }

    private void dropped(String field, boolean said) {
        if (said) {
            warnings.add(field + ": dropped, not supported by the Responses API");
        }
    }

    private List<Other> ownOthers() {
        List<Other> own = new ArrayList<>();
        for (Other other : request.others()) {
            if (other.dialect().equals(ResponsesDialect.NAME)) {
                own.add(other);
            } else {
                dropped(other.name(), true);
            }
        }
        return own;
    }

    private static void raw(JsonGenerator json, String name, String value) throws IOException {
        json.writeFieldName(name);
        Output.RawJson.write(json, value);
    }

    /** Other members of an object; the object's name is their prefix, such as {@code text.verbosity}. */
    private static void members(JsonGenerator json, String object, List<Other> own) throws IOException {
        for (Other other : own) {
            if (other.name().startsWith(object + ".")) {
                raw(json, other.name().substring(object.length() + 1), other.json());
            }
        }
    }

    private static void text(JsonGenerator json, FormatWriter format, List<Other> own) throws IOException {
        if (format.isSaid() || own.stream().anyMatch(other -> other.name().startsWith("text."))) {
            json.writeObjectFieldStart("text");
            format.write(json);
            members(json, "text", own);
            json.writeEndObject();
        }
    }

    private void reasoning(JsonGenerator json, List<Other> own) throws IOException {
        Optional<Effort> effort = request.reasoning().asEffort();
        boolean summary = request.reasoning().shown().orElse(false);
        boolean more = own.stream().anyMatch(other -> other.name().startsWith("reasoning."));
        if (effort.isEmpty() && !summary && !more) {
            return;
        }
        if (capabilities.reasoningControl() == ReasoningControl.NONE) {
            // A model without reasoning meets the setting not to reason.
            dropped("reasoning", effort.isPresent() && effort.get() != Effort.NONE);
            return;
        }
        json.writeObjectFieldStart("reasoning");
        if (effort.isPresent()) {
            Effort taken = isReasoningModel() ? capabilities.traits().nearest(effort.get()) : effort.get();
            if (taken != effort.get()) {
                warnings.add("reasoning_effort: " + word(effort.get()) + " became " + word(taken)
                        + ", which the model supports");
            }
            json.writeStringField("effort", word(taken));
        }
        if (summary && own.stream().noneMatch(other -> other.name().equals("reasoning.summary"))) {
            json.writeStringField("summary", "auto");
        }
        members(json, "reasoning", own);
        json.writeEndObject();
    }

    private boolean isReasoningModel() {
        return capabilities.traits().sampling() == SamplingRule.WITHOUT_REASONING;
    }

    /** OpenAI's reasoning models accept sampling parameters only where the request turns reasoning off. */
    private boolean refusesSampling() {
        boolean off = request.reasoning().asEffort().filter(Effort.NONE::equals).isPresent()
                && capabilities.traits().nearest(Effort.NONE) == Effort.NONE;
        return isReasoningModel() && !off;
    }

    private Optional<BigDecimal> accepted(String name, Optional<BigDecimal> value) {
        if (value.isEmpty() || !refusesSampling()) {
            return value;
        }
        if (value.get().compareTo(BigDecimal.ONE) != 0) {
            warnings.add(name + ": dropped, not supported by OpenAI's reasoning models");
        }
        return Optional.empty();
    }

    private static String word(Effort effort) {
        return switch (effort) {
            case NONE -> "none";
            case MINIMAL -> "minimal";
            case LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case XHIGH -> "xhigh";
        };
    }

    private void sampling(JsonGenerator json, List<Other> own) throws IOException {
        Sampling sampling = request.sampling();
        if (sampling.maxTokens().isPresent()) {
            json.writeNumberField("max_output_tokens", maxTokens(sampling.maxTokens()));
        }
        Optional<BigDecimal> wanted = accepted("temperature", sampling.temperature());
        if (wanted.isPresent()) {
            BigDecimal temperature = wanted.get();
            if (temperature.compareTo(HIGHEST_TEMPERATURE) > 0) {
                warnings.add("temperature: " + temperature + " changed to 2, the maximum of the Responses API");
            }
            json.writeNumberField("temperature", temperature.min(HIGHEST_TEMPERATURE));
        }
        Optional<BigDecimal> topP = accepted("top_p", sampling.topP());
        if (topP.isPresent()) {
            json.writeNumberField("top_p", topP.get());
        }
        boolean logprobs =
                sampling.logprobs().orElse(false) || sampling.topLogprobs().isPresent();
        if (logprobs && refusesSampling()) {
            warnings.add("logprobs: dropped, not supported by OpenAI's reasoning models");
        } else if (sampling.topLogprobs().isPresent()) {
            json.writeNumberField("top_logprobs", sampling.topLogprobs().getAsInt());
        }
        include(json, own, sampling.logprobs().orElse(false) && !refusesSampling(), returnsReasoning());
    }

    private long maxTokens(OptionalLong said) {
        long tokens = said.orElse(FEWEST_TOKENS);
        if (tokens < FEWEST_TOKENS) {
            warnings.add("max_tokens: " + tokens + " changed to 16, the minimum of the Responses API");
            return FEWEST_TOKENS;
        }
        long most = capabilities.maxOutput().orElse(Integer.MAX_VALUE);
        if (tokens > most) {
            warnings.add("max_tokens: " + tokens + " became " + most + ", the model's maximum");
            return most;
        }
        return tokens;
    }

    /** What is not stored at OpenAI can be sent back only in its encrypted form. */
    private boolean returnsReasoning() {
        return !ownCaller
                && capabilities.reasonsFor(request.reasoning()
                        .asEffort()
                        .map(effort -> effort == Effort.NONE ? ReasoningChoice.OFF : ReasoningChoice.ON)
                        .orElse(ReasoningChoice.UNSAID));
    }

    private static void include(JsonGenerator json, List<Other> own, boolean logprobs, boolean reasoning)
            throws IOException {
        List<String> include = new ArrayList<>();
        if (reasoning) {
            include.add("\"reasoning.encrypted_content\"");
        }
        if (logprobs) {
            include.add("\"message.output_text.logprobs\"");
        }
        for (Other other : own) {
            if (other.name().equals("include")
                    && !Annotations.Logprobs.items(other.json()).isEmpty()) {
                include.add(Annotations.Logprobs.items(other.json()));
            }
        }
        if (!include.isEmpty()) {
            raw(json, "include", "[" + String.join(",", include) + "]");
        }
    }

    private void account(JsonGenerator json) throws IOException {
        if (!request.user().isEmpty()) {
            json.writeStringField("user", request.user());
        }
        if (!request.metadata().isEmpty()) {
            json.writeObjectFieldStart("metadata");
            for (Map.Entry<String, String> label : request.metadata().entrySet()) {
                json.writeStringField(label.getKey(), label.getValue());
            }
            json.writeEndObject();
        }
        if (TIERS.contains(request.serviceTier())) {
            json.writeStringField("service_tier", request.serviceTier());
        } else if (!request.serviceTier().isEmpty()) {
            warnings.add("service_tier: dropped, the Responses API does not support " + request.serviceTier());
        }
        if (request.stream()) {
            json.writeBooleanField("stream", true);
        }
        if (!ownCaller) {
            json.writeBooleanField("store", false);
        }
    }

    /** Writes the format of the text. */
    static final class FormatWriter {
        private final ResponseFormat form;
        private final String instruction;
        private final boolean ownCaller;

        private FormatWriter(ResponseFormat form, String instruction, boolean ownCaller) {
            this.form = form;
            this.instruction = instruction;
            this.ownCaller = ownCaller;
        }

        /**
         * @param ownCaller whether OpenAI's default for strict schemas applies
         * @param warnings receives what is done to the format
         */
        static FormatWriter of(
                NeutralRequest request, ModelCapabilities capabilities, boolean ownCaller, List<String> warnings) {
            ResponseFormat form = request.output();
            if (capabilities.schema() == Can.NO && form instanceof ResponseFormat.Schema schema) {
                warnings.add(
                        "response_format: the schema was moved to the instructions; the model does not enforce schemas");
                return new FormatWriter(
                        new ResponseFormat.Text(),
                        "Respond only with a JSON object that conforms to this JSON schema: " + schema.schema(),
                        ownCaller);
            }
            if (form instanceof ResponseFormat.Schema schema
                    && schema.strict().orElse(false)
                    && strict(schema, ownCaller).isEmpty()) {
                warnings.add("response_format.strict: dropped, OpenAI does not support the schema in strict mode");
            }
            if (form instanceof ResponseFormat.Json && !mentionsJson(request)) {
                // OpenAI refuses this format if the word does not occur in the conversation.
                warnings.add("response_format: an instruction to respond in JSON was added, as OpenAI requires");
                return new FormatWriter(form, "Respond with a JSON object.", ownCaller);
            }
            return new FormatWriter(form, "", ownCaller);
        }

        /** The schema in strict mode; empty if that is not requested, or cannot be had. */
        private static Optional<JsonNode> strict(ResponseFormat.Schema schema, boolean ownCaller) {
            if (!schema.strict().orElse(false)) {
                return Optional.empty();
            }
            return ownCaller ? Optional.of(schema.schema()) : ToolSchema.strictAtOpenAi(schema.schema());
        }

        private static boolean mentionsJson(NeutralRequest request) {
            return request.turns().stream()
                    .flatMap(turn -> turn.parts().stream())
                    .anyMatch(part -> part instanceof Part.Text text
                            && text.text().toLowerCase(Locale.ROOT).contains("json"));
        }

        /** What has to be added to the instructions; empty for nothing. */
        String instruction() {
            return instruction;
        }

        boolean isSaid() {
            return !(form instanceof ResponseFormat.Text);
        }

        /** Writes {@code format} if there is one. */
        void write(JsonGenerator json) throws IOException {
            switch (form) {
                case ResponseFormat.Text text -> {
                    // The default.
                }
                case ResponseFormat.Json any -> {
                    json.writeObjectFieldStart("format");
                    json.writeStringField("type", "json_object");
                    json.writeEndObject();
                }
                case ResponseFormat.Schema schema -> {
                    json.writeObjectFieldStart("format");
                    json.writeStringField("type", "json_schema");
                    json.writeStringField("name", name(schema.name()));
                    if (!schema.description().isEmpty()) {
                        json.writeStringField("description", schema.description());
                    }
                    Optional<JsonNode> strict = strict(schema, ownCaller);
                    json.writeFieldName("schema");
                    Output.RawJson.write(json, strict.orElse(schema.schema()).toString());
                    if (schema.strict().isPresent() || !ownCaller) {
                        json.writeBooleanField("strict", strict.isPresent());
                    }
                    json.writeEndObject();
                }
            }
        }

        /** A name is required: at most 64 letters, digits, underscores and dashes. */
        private static String name(String said) {
            String name = said.replaceAll("[^a-zA-Z0-9_-]", "_");
            return name.isEmpty() ? "answer" : name.substring(0, Math.min(64, name.length()));
        }
    }
}
