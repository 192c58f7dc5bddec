package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.ClaudeSchema;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes {@code tools} and {@code tool_choice}. */
final class ToolsWriter {
    private final Tools tools;
    private final Claude claude;
    private final Set<String> called = new LinkedHashSet<>();
    private final List<String> warnings;
    private int cachePoints;

    ToolsWriter(Tools tools, Claude claude, List<Turn> turns, List<String> warnings) {
        this.tools = tools;
        this.claude = claude;
        this.warnings = warnings;
        for (Turn turn : turns) {
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolCall call) {
                    called.add(call.name());
                }
            }
        }
    }

    /** Refuses tools of other vendors, before anything is written. */
    void check() throws UntranslatableRequest {
        for (int i = 0; i < tools.tools().size(); i++) {
            if (tools.tools().get(i) instanceof Tools.ForeignTool foreign
                    && !foreign.dialect().equals(AnthropicDialect.NAME)) {
                throw new UntranslatableRequest(
                        "tools[" + i + "]", foreign.kind() + " is a built-in tool of " + foreign.dialect() + ".");
            }
        }
    }

    void write(JsonGenerator json) throws IOException {
        if (tools.tools().isEmpty()) {
            pastOnes(json);
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
        choice(json);
    }

    /** Tool calls in the conversation require definitions of their tools, even if no tool may be called any more. */
    private void pastOnes(JsonGenerator json) throws IOException {
        if (called.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tools");
        for (String name : called) {
            json.writeStartObject();
            json.writeStringField("name", name);
            json.writeObjectFieldStart("input_schema");
            json.writeStringField("type", "object");
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("tool_choice");
        json.writeStringField("type", "none");
        json.writeEndObject();
    }

    private void function(JsonGenerator json, Tools.Function function) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", function.name());
        if (!function.description().isEmpty()) {
            json.writeStringField("description", function.description());
        }
        json.writeFieldName("input_schema");
        json.writeRawValue(schema(function).toString());
        if (function.strict().orElse(false)) {
            if (claude.schema() && ClaudeSchema.holds(function.parameters())) {
                json.writeBooleanField("strict", true);
            } else {
                warnings.add("tools.strict: dropped for " + function.name()
                        + ", Anthropic does not support its schema in strict mode");
            }
        }
        if (function.cachePoint().isPresent() && cachePoints < MessageWriter.MOST_CACHE_POINTS) {
            cachePoints++;
            MessageWriter.cacheControl(json, function.cachePoint().get());
        }
        json.writeEndObject();
    }

    /** How many cache points the tools have, which count for the limit of the request. */
    int cachePoints() {
        return cachePoints;
    }

    /** Arguments are an object, and the schema has to say so. */
    private JsonNode schema(Tools.Function function) {
        if (!(function.parameters() instanceof ObjectNode given)) {
            return JsonNodeFactory.instance.objectNode().put("type", "object");
        }
        if (given.path("type").asText("").equals("object")) {
            return given;
        }
        if (given.has("type")) {
            warnings.add("tools.parameters: the type was set to object for " + function.name());
        }
        return given.deepCopy().put("type", "object");
    }

    private void choice(JsonGenerator json) throws IOException {
        boolean alone = tools.parallel().isPresent() && !tools.parallel().get();
        if (tools.choice().isEmpty() && !alone) {
            return;
        }
        json.writeObjectFieldStart("tool_choice");
        Tools.Choice choice = tools.choice().orElse(new Tools.Choice.Auto());
        switch (choice) {
            case Tools.Choice.Auto auto -> json.writeStringField("type", "auto");
            case Tools.Choice.Any any -> json.writeStringField("type", "any");
            case Tools.Choice.None none -> json.writeStringField("type", "none");
            case Tools.Choice.Named named -> {
                json.writeStringField("type", "tool");
                json.writeStringField("name", named.name());
            }
        }
        if (alone && !(choice instanceof Tools.Choice.None)) {
            json.writeBooleanField("disable_parallel_tool_use", true);
        }
        json.writeEndObject();
    }
}
