package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ToolSchema;
import dev.understudy.protocol.neutral.Tools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes tools and what is to be done with them. */
final class ToolsWriter {
    private final Tools tools;
    private final ModelTraits traits;

    /** How many more cache marks are written. */
    private int cacheMarks;

    private final List<String> warnings;

    ToolsWriter(Tools tools, ModelTraits traits, int cacheMarks, List<String> warnings) {
        this.cacheMarks = cacheMarks;
        this.tools = tools;
        this.traits = traits;
        this.warnings = warnings;
    }

    void write(JsonGenerator json) throws IOException {
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
                warnings.add("tool_choice: dropped, the request has no tools");
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
            if (traits.has(ModelTraits.Flag.NO_PARALLEL_SETTING)) {
                warnings.add("parallel_tool_calls: dropped, not supported by o-series models");
            } else {
                json.writeBooleanField("parallel_tool_calls", tools.parallel().get());
            }
        }
    }

    private void function(JsonGenerator json, Tools.Function function) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "function");
        json.writeObjectFieldStart("function");
        json.writeStringField("name", function.name());
        if (!function.description().isEmpty()) {
            json.writeStringField("description", function.description());
        }
        boolean openAi = ModelFamily.of(traits).isOpenAi();
        Optional<JsonNode> strict = function.strict().orElse(false)
                ? openAi
                        ? ToolSchema.strictArgumentsAtOpenAi(function.parameters())
                        : Optional.of(function.parameters())
                : Optional.empty();
        json.writeFieldName("parameters");
        JsonNode schema = strict.orElse(function.parameters());
        // Some want a schema also where there is nothing to describe.
        json.writeRawValue(schema.isEmpty() ? "{\"type\":\"object\",\"properties\":{}}" : schema.toString());
        if (function.strict().isPresent()) {
            if (function.strict().get() && strict.isEmpty()) {
                warnings.add("tools.strict: dropped for " + function.name()
                        + ", OpenAI does not support its schema in strict mode");
            }
            json.writeBooleanField("strict", strict.isPresent());
        }
        json.writeEndObject();
        if (function.cachePoint().isPresent() && cacheMarks-- > 0) {
            CacheMarks.write(json, function.cachePoint().get());
        }
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
}
