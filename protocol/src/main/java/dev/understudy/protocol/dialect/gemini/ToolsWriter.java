package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Tools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes {@code tools} and {@code toolConfig}.
 *
 * <p>Schemas go into {@code parametersJsonSchema}, which takes any JSON schema and exists in v1beta and at Vertex AI; the
 * older {@code parameters} knows neither {@code $ref} nor {@code additionalProperties} nor lists of types.
 *
 * @see <a href="https://ai.google.dev/api/caching#FunctionDeclaration">Gemini API: FunctionDeclaration</a>
 */
final class ToolsWriter {
    private final List<Tools.Function> functions = new ArrayList<>();
    private final List<Tools.ForeignTool> own = new ArrayList<>();
    private final Tools tools;
    private final boolean validated;

    ToolsWriter(Tools tools, Generation generation, Warnings warnings) throws UntranslatableRequest {
        this.tools = tools;
        boolean strict = false;
        int index = 0;
        for (Tools.Tool tool : tools.tools()) {
            switch (tool) {
                case Tools.Function function -> {
                    functions.add(function);
                    strict |= function.strict().orElse(false);
                }
                case Tools.ForeignTool foreign -> {
                    if (!foreign.dialect().equals(GeminiDialect.NAME)) {
                        throw new UntranslatableRequest(
                                "tools[" + index + "]",
                                "Gemini has no tool '" + foreign.kind() + "', which " + foreign.dialect() + " runs.");
                    }
                    own.add(foreign);
                }
            }
            index++;
        }
        validated = strict && !generation.isBeforeThree();
        if (functions.isEmpty() && asksForFunctions()) {
            warnings.say("tool_choice", "dropped, there are no functions to choose from");
        }
    }

    private boolean asksForFunctions() {
        return tools.choice()
                .filter(choice -> choice instanceof Tools.Choice.Any || choice instanceof Tools.Choice.Named)
                .isPresent();
    }

    /** @param others what else came in {@code toolConfig} */
    void write(JsonGenerator json, List<Other> others) throws IOException {
        if (!functions.isEmpty() || !own.isEmpty()) {
            json.writeArrayFieldStart("tools");
            if (!functions.isEmpty()) {
                json.writeStartObject();
                json.writeArrayFieldStart("functionDeclarations");
                for (Tools.Function function : functions) {
                    declare(json, function);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            for (Tools.ForeignTool tool : own) {
                json.writeRawValue(tool.json());
            }
            json.writeEndArray();
        }
        boolean calling = !functions.isEmpty() && (tools.choice().isPresent() || validated);
        if (calling || !others.isEmpty()) {
            json.writeObjectFieldStart("toolConfig");
            if (calling) {
                calling(json);
            }
            for (Other other : others) {
                json.writeFieldName(other.name());
                json.writeRawValue(other.json());
            }
            json.writeEndObject();
        }
    }

    private static void declare(JsonGenerator json, Tools.Function function) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", function.name());
        if (!function.description().isEmpty()) {
            json.writeStringField("description", function.description());
        }
        if (!function.parameters().isEmpty()) {
            json.writeFieldName("parametersJsonSchema");
            json.writeRawValue(function.parameters().toString());
        }
        json.writeEndObject();
    }

    private void calling(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("functionCallingConfig");
        Tools.Choice choice = tools.choice().orElse(new Tools.Choice.Auto());
        switch (choice) {
            // The arguments of a call that is demanded meet their schema anyway.
            case Tools.Choice.Auto auto -> json.writeStringField("mode", validated ? "VALIDATED" : "AUTO");
            case Tools.Choice.None none -> json.writeStringField("mode", "NONE");
            case Tools.Choice.Any any -> json.writeStringField("mode", "ANY");
            case Tools.Choice.Named named -> {
                json.writeStringField("mode", "ANY");
                json.writeArrayFieldStart("allowedFunctionNames");
                json.writeString(named.name());
                json.writeEndArray();
            }
        }
        json.writeEndObject();
    }
}
