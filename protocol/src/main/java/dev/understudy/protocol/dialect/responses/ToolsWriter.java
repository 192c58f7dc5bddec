package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ToolSchema;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Tools.Choice;
import dev.understudy.protocol.neutral.Tools.Tool;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes {@code tools} and {@code tool_choice}. */
final class ToolsWriter {
    private final Tools tools;
    private final boolean ownCaller;

    private ToolsWriter(Tools tools, boolean ownCaller) {
        this.tools = tools;
        this.ownCaller = ownCaller;
    }

    /** @param ownCaller whether OpenAI's default for strict functions applies */
    static ToolsWriter of(Tools tools, ModelCapabilities capabilities, boolean ownCaller, List<String> warnings)
            throws UntranslatableRequest {
        if (!tools.tools().isEmpty() && capabilities.tools() == Can.NO) {
            throw new UntranslatableRequest("tools", "the model does not support tools");
        }
        for (int i = 0; i < tools.tools().size(); i++) {
            if (tools.tools().get(i) instanceof Tools.ForeignTool foreign
                    && !foreign.dialect().equals(ResponsesDialect.NAME)) {
                throw new UntranslatableRequest(
                        "tools[" + i + "]", "the Responses API does not support tools of type " + foreign.kind());
            }
        }
        for (Tool tool : tools.tools()) {
            if (tool instanceof Tools.Function function
                    && function.strict().orElse(false)
                    && strict(function, ownCaller).isEmpty()) {
                warnings.add("tools.strict: dropped for " + function.name()
                        + ", OpenAI does not support its schema in strict mode");
            }
        }
        if (tools.tools().isEmpty() && tools.choice().isPresent()) {
            warnings.add("tool_choice: dropped, the request has no tools");
        }
        return new ToolsWriter(tools, ownCaller);
    }

    void write(JsonGenerator json) throws IOException {
        if (tools.tools().isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        for (Tool tool : tools.tools()) {
            switch (tool) {
                case Tools.Function function -> function(json, function);
                case Tools.ForeignTool foreign -> Output.RawJson.write(json, foreign.json());
            }
        }
        json.writeEndArray();
        Optional<Choice> choice = tools.choice();
        if (choice.isPresent()) {
            json.writeFieldName("tool_choice");
            choice(json, choice.get());
        }
        if (tools.parallel().isPresent()) {
            json.writeBooleanField("parallel_tool_calls", tools.parallel().get());
        }
    }

    /** The schema in strict mode; empty if that is not requested, or cannot be had. */
    private static Optional<JsonNode> strict(Tools.Function function, boolean ownCaller) {
        if (!function.strict().orElse(false)) {
            return Optional.empty();
        }
        return ownCaller
                ? Optional.of(function.parameters())
                : ToolSchema.strictArgumentsAtOpenAi(function.parameters());
    }

    private void function(JsonGenerator json, Tools.Function function) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "function");
        json.writeStringField("name", function.name());
        if (!function.description().isEmpty()) {
            json.writeStringField("description", function.description());
        }
        Optional<JsonNode> strict = strict(function, ownCaller);
        JsonNode schema = strict.orElse(function.parameters());
        json.writeFieldName("parameters");
        Output.RawJson.write(json, schema.isEmpty() ? "{\"type\":\"object\",\"properties\":{}}" : schema.toString());
        if (function.strict().isPresent() || !ownCaller) {
            json.writeBooleanField("strict", strict.isPresent());
        }
        json.writeEndObject();
    }

    private static void choice(JsonGenerator json, Choice choice) throws IOException {
        switch (choice) {
            case Choice.Auto auto -> json.writeString("auto");
            case Choice.None none -> json.writeString("none");
            case Choice.Any any -> json.writeString("required");
            case Choice.Named named -> {
                json.writeStartObject();
                json.writeStringField("type", "function");
                json.writeStringField("name", named.name());
                json.writeEndObject();
            }
        }
    }
}
