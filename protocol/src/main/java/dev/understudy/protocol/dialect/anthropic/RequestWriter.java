package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ClaudeSchema;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Conversation;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes a request for a Claude model. */
final class RequestWriter {
    private static final String CONTINUE_PROMPT = "Continue exactly where you left off.";

    private final NeutralRequest request;
    private final String model;
    private final Claude claude;
    private final List<String> warnings = new ArrayList<>();
    private final List<Part> system = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();
    private Optional<JsonNode> schema = Optional.empty();

    RequestWriter(NeutralRequest request, String model, ModelCapabilities capabilities) {
        this.request = request;
        this.model = model;
        this.claude = new Claude(capabilities);
    }

    WrittenRequest written() throws UntranslatableRequest {
        if (request.sampling().choices().orElse(1) > 1) {
            throw new UntranslatableRequest("n", "Anthropic returns a single choice.");
        }
        orderTurns();
        MessageWriter.MediaCheck.check(turns);
        ToolsWriter tools = new ToolsWriter(request.tools(), claude, turns, warnings);
        tools.check();
        output();
        SamplingWriter sampling = new SamplingWriter(request, claude, warnings);
        long maxTokens = sampling.maxTokens();
        ReasoningPlan.ReasoningSetting reasoning =
                new ReasoningPlan(request, claude, turns, warnings).setting(maxTokens);
        continueLastTurn();
        byte[] body = JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeNumberField("max_tokens", maxTokens);
            tools.write(json);
            conversation(json, tools.cachePoints());
            reasoning.write(json);
            outputConfig(json, reasoning.effort());
            sampling.write(json, reasoning.isOn());
            labels(json);
            if (request.stream()) {
                json.writeBooleanField("stream", true);
            }
            others(json);
            json.writeEndObject();
        });
        return new WrittenRequest(body, warnings);
    }

    private void orderTurns() throws UntranslatableRequest {
        MessageWriter.UnsupportedPartFilter filter = new MessageWriter.UnsupportedPartFilter();
        Conversation conversation = Conversation.of(filter.turns(request.turns()));
        warnings.addAll(filter.warnings());
        warnings.addAll(conversation.warnings());
        turns.addAll(conversation.turns());
        system.addAll(conversation.instructions());
        if (turns.isEmpty()) {
            if (system.isEmpty()) {
                // Any text in its place would be another question.
                throw new UntranslatableRequest("messages", "Anthropic does not accept a request without text.");
            }
            warnings.add("messages: only instructions; sent as a user message");
            turns.add(Turn.of(Role.USER, system));
            system.clear();
        }
    }

    /** Where Anthropic has no structured output for the format, the instructions ask for it. */
    private void output() {
        switch (request.output()) {
            case ResponseFormat.Text text -> {}
            case ResponseFormat.Json any -> {
                warnings.add("response_format: moved to the instructions; Anthropic has no JSON mode");
                system.add(Part.Text.of("Respond with a single JSON object and nothing else."));
            }
            case ResponseFormat.Schema wanted -> {
                Optional<ClaudeSchema.Fitted> fitted =
                        claude.schema() ? ClaudeSchema.of(wanted.schema()) : Optional.empty();
                schema = fitted.map(ClaudeSchema.Fitted::schema);
                if (fitted.isEmpty()) {
                    warnings.add("response_format: the schema was moved to the instructions");
                    system.add(Part.Text.of(
                            "Respond with a single JSON value that conforms to this JSON schema, and nothing"
                                    + " else:\n" + wanted.schema()));
                } else if (fitted.get().loosened()) {
                    warnings.add(
                            "response_format: constraints that Anthropic does not support were moved to the schema's descriptions");
                }
            }
        }
    }

    /**
     * Only a text can be continued, and not by all models. An assistant turn that waits for Anthropic's own tools is
     * unchanged.
     */
    private void continueLastTurn() {
        if (turns.getLast().role() != Role.ASSISTANT) {
            return;
        }
        List<Part> parts = new ArrayList<>(turns.getLast().parts());
        while (parts.getLast() instanceof Part.CachePoint && parts.size() > 1) {
            parts.removeLast();
        }
        if (parts.getLast() instanceof Part.Foreign) {
            return;
        }
        if (!claude.prefills()) {
            warnings.add("messages: end with an assistant message; a user message with a prompt to continue was added");
            turns.add(Turn.of(Role.USER, Part.Text.of(CONTINUE_PROMPT)));
        } else if (parts.getLast() instanceof Part.Text text) {
            parts.removeLast();
            parts.add(new Part.Text(text.text().stripTrailing(), text.citations()));
            turns.removeLast();
            turns.add(Turn.of(Role.ASSISTANT, parts));
        }
    }

    private void conversation(JsonGenerator json, int cachePoints) throws IOException {
        MessageWriter messages = new MessageWriter(json, cachePoints);
        if (!system.isEmpty()) {
            json.writeFieldName("system");
            messages.blocks(system);
        }
        json.writeArrayFieldStart("messages");
        for (Turn turn : turns) {
            messages.turn(turn);
        }
        json.writeEndArray();
    }

    private void outputConfig(JsonGenerator json, String effort) throws IOException {
        JsonNode rest = JsonTrees.emptyObject();
        for (NeutralRequest.Other other : request.others()) {
            if (isOwn(other) && other.name().equals("output_config")) {
                rest = JsonTrees.of(other.json());
            }
        }
        if (effort.isEmpty() && schema.isEmpty() && rest.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("output_config");
        if (!effort.isEmpty()) {
            json.writeStringField("effort", effort);
        }
        if (schema.isPresent()) {
            json.writeObjectFieldStart("format");
            json.writeStringField("type", "json_schema");
            json.writeFieldName("schema");
            json.writeRawValue(schema.get().toString());
            json.writeEndObject();
        }
        for (var member : rest.properties()) {
            json.writeFieldName(member.getKey());
            json.writeRawValue(member.getValue().toString());
        }
        json.writeEndObject();
    }

    private void labels(JsonGenerator json) throws IOException {
        if (!request.user().isEmpty()) {
            json.writeObjectFieldStart("metadata");
            json.writeStringField("user_id", request.user());
            json.writeEndObject();
        }
        if (!request.metadata().isEmpty()) {
            warnings.add("metadata: dropped, Anthropic supports only user_id");
        }
        switch (request.serviceTier()) {
            case "" -> {}
            case "auto", "standard_only" -> json.writeStringField("service_tier", request.serviceTier());
            // OpenAI's name for it.
            case "default" -> json.writeStringField("service_tier", "standard_only");
            default -> warnings.add("service_tier: dropped, Anthropic does not support " + request.serviceTier());
        }
    }

    private void others(JsonGenerator json) throws IOException {
        for (NeutralRequest.Other other : request.others()) {
            if (!isOwn(other)) {
                warnings.add(other.name() + ": dropped, not supported by Anthropic");
            } else if (!other.name().equals("output_config")) {
                json.writeFieldName(other.name());
                json.writeRawValue(other.json());
            }
        }
    }

    private static boolean isOwn(NeutralRequest.Other other) {
        return other.dialect().equals(AnthropicDialect.NAME);
    }

    /** Writes sampling parameters, as far as the model accepts them. */
    static final class SamplingWriter {
        /** The lowest {@code top_p} that is accepted with reasoning. */
        private static final BigDecimal LEAST_WITH_THINKING = new BigDecimal("0.95");

        private static final String REFUSED_WITH_REASONING = "not supported with extended thinking";

        private final Sampling sampling;
        private final Claude claude;
        private final List<String> warnings;

        SamplingWriter(NeutralRequest request, Claude claude, List<String> warnings) {
            this.sampling = request.sampling();
            this.claude = claude;
            this.warnings = warnings;
        }

        /** The requested {@code max_tokens}, clamped to the model's maximum; Anthropic requires one. */
        long maxTokens() {
            long requested = sampling.maxTokens().orElse(claude.defaultMaxTokens());
            long most = claude.maxOutputTokens();
            if (requested > most) {
                warnings.add("max_tokens: " + requested + " became " + most + ", the maximum of this model");
            }
            return Math.max(1, Math.min(requested, most));
        }

        void write(JsonGenerator json, boolean reasons) throws IOException {
            if (claude.refusesSampling()) {
                dropped("temperature", sampling.temperature().isPresent(), "not supported by this model");
                dropped("top_p", sampling.topP().isPresent(), "not supported by this model");
                dropped("top_k", sampling.topK().isPresent(), "not supported by this model");
            } else if (reasons) {
                dropped(
                        "temperature",
                        sampling.temperature().filter(SamplingWriter::isNotOne).isPresent(),
                        REFUSED_WITH_REASONING);
                dropped("top_k", sampling.topK().isPresent(), REFUSED_WITH_REASONING);
                boolean low = sampling.topP()
                        .filter(p -> p.compareTo(LEAST_WITH_THINKING) < 0)
                        .isPresent();
                dropped("top_p", low, REFUSED_WITH_REASONING);
                if (!low) {
                    number(json, "top_p", sampling.topP());
                }
            } else {
                number(json, "temperature", sampling.temperature());
                if (sampling.temperature().isEmpty()) {
                    number(json, "top_p", sampling.topP());
                }
                // From Claude Opus 4.1 on, a request with both is refused.
                dropped(
                        "top_p",
                        sampling.temperature().isPresent() && sampling.topP().isPresent(),
                        "Anthropic supports either temperature or top_p");
                if (sampling.topK().isPresent()) {
                    json.writeNumberField("top_k", sampling.topK().getAsLong());
                }
            }
            stop(json);
            unknown();
        }

        private static boolean isNotOne(BigDecimal number) {
            return number.compareTo(BigDecimal.ONE) != 0;
        }

        private void number(JsonGenerator json, String name, Optional<BigDecimal> value) throws IOException {
            if (value.isEmpty()) {
                return;
            }
            BigDecimal fits = value.get().max(BigDecimal.ZERO).min(BigDecimal.ONE);
            if (fits.compareTo(value.get()) != 0) {
                String edge = fits.signum() == 0 ? "lowest" : "highest";
                warnings.add(name + ": " + value.get() + " became " + fits + ", Anthropic's " + edge);
            }
            json.writeNumberField(name, fits);
        }

        private void stop(JsonGenerator json) throws IOException {
            List<String> stop =
                    sampling.stop().stream().filter(text -> !text.isBlank()).toList();
            dropped("stop", stop.size() < sampling.stop().size(), "Anthropic does not accept blank ones");
            if (!stop.isEmpty()) {
                json.writeArrayFieldStart("stop_sequences");
                for (String text : stop) {
                    json.writeString(text);
                }
                json.writeEndArray();
            }
        }

        private void unknown() {
            String none = "not supported by Anthropic";
            dropped(
                    "frequency_penalty",
                    sampling.frequencyPenalty().filter(p -> p.signum() != 0).isPresent(),
                    none);
            dropped(
                    "presence_penalty",
                    sampling.presencePenalty().filter(p -> p.signum() != 0).isPresent(),
                    none);
            dropped("seed", sampling.seed().isPresent(), none);
            dropped(
                    "logprobs",
                    sampling.logprobs().orElse(false) || sampling.topLogprobs().isPresent(),
                    none);
        }

        private void dropped(String field, boolean wasSaid, String why) {
            if (wasSaid) {
                warnings.add(field + ": dropped, " + why);
            }
        }
    }
}
