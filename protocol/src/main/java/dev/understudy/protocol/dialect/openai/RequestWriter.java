package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.ToolSchema;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Tools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes one request. What the model's {@linkplain ModelFamily family} is known to refuse is not sent. */
final class RequestWriter {
    private final NeutralRequest request;
    private final String model;
    private final ModelCapabilities capabilities;
    private final ModelFamily family;
    private final List<String> warnings = new ArrayList<>();

    RequestWriter(NeutralRequest request, String model, ModelCapabilities capabilities) {
        this.request = request;
        this.model = model;
        this.capabilities = capabilities;
        this.family = ModelFamily.of(capabilities.traits());
    }

    WrittenRequest write() throws UntranslatableRequest {
        refuse();
        CacheMarks marks = new CacheMarks(request, capabilities.traits());
        MessageWriter messages = new MessageWriter(family, capabilities, reasons(), marks, warnings);
        List<String> written = messages.messages(request.turns(), instruction());
        byte[] body = JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeArrayFieldStart("messages");
            for (String message : written) {
                json.writeRawValue(message);
            }
            json.writeEndArray();
            new ToolsWriter(request.tools(), capabilities.traits(), marks.inTools(), warnings).write(json);
            output(json);
            SamplingWriter sampling = new SamplingWriter(request, capabilities, warnings);
            sampling.write(json);
            sampling.reasoning(json);
            stream(json);
            labels(json);
            others(json);
            json.writeEndObject();
        });
        return new WrittenRequest(body, warnings);
    }

    private boolean reasons() {
        ReasoningChoice choice = request.reasoning()
                .asEffort()
                .map(effort -> effort == ReasoningSettings.Effort.NONE ? ReasoningChoice.OFF : ReasoningChoice.ON)
                .orElse(ReasoningChoice.UNSAID);
        return capabilities.reasonsFor(choice);
    }

    private void refuse() throws UntranslatableRequest {
        int index = 0;
        for (Tools.Tool tool : request.tools().tools()) {
            if (tool instanceof Tools.ForeignTool foreign && !foreign.dialect().equals(OpenAiDialect.NAME)) {
                throw new UntranslatableRequest(
                        "tools[" + index + "]", "Chat Completions does not support the tool " + foreign.kind() + ".");
            }
            index++;
        }
        if (index > 0 && capabilities.tools() == Can.NO) {
            throw new UntranslatableRequest("tools", "The model does not support tools.");
        }
        if (!request.sampling().stop().isEmpty() && family == ModelFamily.OPENAI_REASONING) {
            throw new UntranslatableRequest("stop", "OpenAI's reasoning models do not support stop sequences.");
        }
        if (request.sampling().stop().size() > 4 && family == ModelFamily.OPENAI) {
            throw new UntranslatableRequest("stop", "OpenAI accepts at most 4 stop sequences.");
        }
    }

    private boolean holdsSchema() {
        return capabilities.schema() != Can.NO && (family != ModelFamily.DEEPSEEK || capabilities.schema() == Can.YES);
    }

    /** What the instructions have to say because no member can; empty if nothing. */
    private String instruction() {
        return switch (request.output()) {
            case ResponseFormat.Schema schema
            when !holdsSchema() -> {
                warnings.add("response_format: the schema was moved to the instructions");
                yield "Respond only with JSON that conforms to this JSON schema:\n" + schema.schema();
            }
            // OpenAI and others refuse the mode where no message speaks of JSON.
            case ResponseFormat.Json json
            when !MessageWriter.speaksOfJson(request.turns()) -> {
                warnings.add("response_format: an instruction to respond in JSON was added, as OpenAI requires");
                yield "Respond in JSON.";
            }
            default -> "";
        };
    }

    private void output(JsonGenerator json) throws IOException {
        switch (request.output()) {
            case ResponseFormat.Text text -> {}
            case ResponseFormat.Json any -> jsonMode(json);
            case ResponseFormat.Schema schema
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
                Optional<JsonNode> strict = schema.strict().orElse(false)
                        ? family.isOpenAi() ? ToolSchema.strictAtOpenAi(schema.schema()) : Optional.of(schema.schema())
                        : Optional.empty();
                json.writeFieldName("schema");
                json.writeRawValue(strict.orElse(schema.schema()).toString());
                if (schema.strict().isPresent()) {
                    if (schema.strict().get() && strict.isEmpty()) {
                        warnings.add(
                                "response_format.strict: dropped, OpenAI does not support the schema in strict mode");
                    }
                    json.writeBooleanField("strict", strict.isPresent());
                }
                json.writeEndObject();
                json.writeEndObject();
            }
            case ResponseFormat.Schema schema -> {
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

    private void stream(JsonGenerator json) throws IOException {
        if (!request.stream()) {
            return;
        }
        json.writeBooleanField("stream", true);
        // Mistral always reports usage, and refuses this option.
        if (family != ModelFamily.MISTRAL) {
            json.writeObjectFieldStart("stream_options");
            json.writeBooleanField("include_usage", true);
            json.writeEndObject();
        }
    }

    private void labels(JsonGenerator json) throws IOException {
        if (!request.user().isEmpty()) {
            if (family == ModelFamily.MISTRAL) {
                warnings.add("user: dropped, not supported by Mistral");
            } else {
                json.writeStringField("user", request.user());
            }
        }
        if (!request.metadata().isEmpty()) {
            warnings.add("metadata: dropped, few Chat Completions servers support it");
        }
        if (!request.serviceTier().isEmpty()) {
            if (family.isOpenAi()
                    && List.of("auto", "default", "flex", "scale", "priority").contains(request.serviceTier())) {
                json.writeStringField("service_tier", request.serviceTier());
            } else {
                warnings.add("service_tier: dropped, " + request.serviceTier() + " is specific to another vendor");
            }
        }
    }

    private void others(JsonGenerator json) throws IOException {
        for (NeutralRequest.Other other : request.others()) {
            if (other.dialect().equals(OpenAiDialect.NAME)) {
                json.writeFieldName(other.name());
                json.writeRawValue(other.json());
            } else {
                warnings.add(other.name() + ": dropped, not supported by Chat Completions");
            }
        }
    }
}
