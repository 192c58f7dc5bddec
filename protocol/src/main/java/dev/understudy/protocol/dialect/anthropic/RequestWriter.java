package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Conversation;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes a request for one of Anthropic's models. */
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
        this.claude = new Claude(model, capabilities);
    }

    WrittenRequest written() throws UntranslatableRequest {
        if (request.sampling().choices().orElse(1) > 1) {
            throw new UntranslatableRequest("n", "Anthropic gives one answer at a time.");
        }
        converse();
        MediaCheck.check(turns);
        ToolsWriter tools = new ToolsWriter(request.tools(), claude, turns, warnings);
        tools.check();
        output();
        SamplingWriter sampling = new SamplingWriter(request, claude, warnings);
        long maxTokens = sampling.maxTokens();
        ThinkingSetting thinking = new ThinkingPlan(request, claude, turns, warnings).setting(maxTokens);
        goOn();
        byte[] body = JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeNumberField("max_tokens", maxTokens);
            conversation(json);
            tools.write(json);
            thinking.write(json);
            outputConfig(json, thinking.effort());
            sampling.write(json, thinking.isOn());
            labels(json);
            if (request.stream()) {
                json.writeBooleanField("stream", true);
            }
            others(json);
            json.writeEndObject();
        });
        return new WrittenRequest(body, warnings);
    }

    private void converse() {
        UnsupportedPartFilter sayable = new UnsupportedPartFilter();
        Conversation conversation = Conversation.of(sayable.turns(request.turns()));
        warnings.addAll(sayable.warnings());
        warnings.addAll(conversation.warnings());
        turns.addAll(conversation.turns());
        system.addAll(conversation.instructions());
        if (turns.isEmpty()) {
            warnings.add("messages: nothing but instructions; they became words of the user");
            turns.add(Turn.of(Role.USER, system.isEmpty() ? List.of(Part.Text.of(CONTINUE_PROMPT)) : system));
            system.clear();
        }
    }

    /** A form that the vendor cannot hold the model to is asked for in words. */
    private void output() {
        switch (request.output()) {
            case ResponseFormat.Text text -> {}
            case ResponseFormat.Json any -> {
                warnings.add("response_format: Anthropic cannot promise some JSON; the model is asked for it in words");
                system.add(Part.Text.of("Answer with one JSON object and nothing else."));
            }
            case ResponseFormat.Schema wanted -> {
                Optional<NativeSchema.Fitted> fitted =
                        claude.schema() ? NativeSchema.of(wanted.schema()) : Optional.empty();
                schema = fitted.map(NativeSchema.Fitted::schema);
                if (fitted.isEmpty()) {
                    warnings.add("response_format: the model is asked in words to meet the schema");
                    system.add(Part.Text.of("Answer with one JSON value that meets this JSON schema, and with nothing"
                            + " else:\n" + wanted.schema()));
                } else if (fitted.get().loosened()) {
                    warnings.add("response_format: limits that Anthropic does not know became words of the schema");
                }
            }
        }
    }

    /** Only a text can be gone on with, and not by all models; what waits for Anthropic's own tools stays as it is. */
    private void goOn() {
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
            warnings.add("messages: end with the assistant; a turn of the user that asks to go on was put after it");
            turns.add(Turn.of(Role.USER, Part.Text.of(CONTINUE_PROMPT)));
        } else if (parts.getLast() instanceof Part.Text text) {
            parts.removeLast();
            parts.add(new Part.Text(text.text().stripTrailing(), text.citations()));
            turns.removeLast();
            turns.add(Turn.of(Role.ASSISTANT, parts));
        }
    }

    private void conversation(JsonGenerator json) throws IOException {
        MessageWriter messages = new MessageWriter(json);
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
            warnings.add("metadata: dropped, Anthropic takes the user only");
        }
        switch (request.serviceTier()) {
            case "" -> {}
            case "auto", "standard_only" -> json.writeStringField("service_tier", request.serviceTier());
            // OpenAI's word for it.
            case "default" -> json.writeStringField("service_tier", "standard_only");
            default -> warnings.add("service_tier: dropped, Anthropic has no " + request.serviceTier());
        }
    }

    private void others(JsonGenerator json) throws IOException {
        for (NeutralRequest.Other other : request.others()) {
            if (!isOwn(other)) {
                warnings.add(other.name() + ": dropped, Anthropic has none");
            } else if (!other.name().equals("output_config")) {
                json.writeFieldName(other.name());
                json.writeRawValue(other.json());
            }
        }
    }

    private static boolean isOwn(NeutralRequest.Other other) {
        return other.dialect().equals(AnthropicDialect.NAME);
    }
}
