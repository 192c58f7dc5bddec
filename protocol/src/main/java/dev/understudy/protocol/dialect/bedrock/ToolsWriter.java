package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.ClaudeSchema;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes {@code toolConfig}.
 *
 * <p>Bedrock requires it wherever the conversation has tool calls or results, and cannot forbid tool calls. Where they
 * are forbidden, the member is left out if the conversation allows it; otherwise the instructions forbid them.
 *
 * @param tools the offered tools
 * @param choice the tool choice, where Bedrock has it
 * @param forbidden whether the instructions have to forbid tool calls
 * @param traits of the model
 */
record ToolsWriter(List<Tools.Tool> tools, Optional<Tools.Choice> choice, boolean forbidden, ModelTraits traits) {
    /** What a schema of Nova may have at its top. */
    private static final List<String> ROOT_OF_NOVA = List.of("type", "properties", "required");

    static ToolsWriter of(Tools asked, List<Turn> turns, ModelCapabilities capabilities, Set<String> warnings)
            throws UntranslatableRequest {
        Set<String> spoken = calledIn(turns);
        boolean none = asked.choice().orElse(new Tools.Choice.Auto()) instanceof Tools.Choice.None;
        if ((asked.tools().isEmpty() || none) && spoken.isEmpty()) {
            return new ToolsWriter(List.of(), Optional.empty(), false, capabilities.traits());
        }
        if (capabilities.tools() == ModelCapabilities.Can.NO) {
            throw new UntranslatableRequest("tools", "the model does not support tools");
        }
        check(asked.tools());
        if (asked.parallel().isPresent() && !asked.parallel().get()) {
            warnings.add("parallel_tool_calls: dropped, not supported by Bedrock");
        }
        if (none) {
            warnings.add("tool_choice: none was moved to the instructions; Bedrock does not support it");
            return new ToolsWriter(asked.tools(), Optional.empty(), true, capabilities.traits());
        }
        if (asked.tools().isEmpty()) {
            warnings.add(
                    "tools: those used in the conversation were declared and forbidden in the instructions; Bedrock requires a declaration");
            List<Tools.Tool> named = spoken.stream()
                    .<Tools.Tool>map(name -> new Tools.Function(name, "", JsonTrees.emptyObject(), Optional.empty()))
                    .toList();
            return new ToolsWriter(named, Optional.empty(), true, capabilities.traits());
        }
        return new ToolsWriter(
                strictWhereHeld(asked.tools(), capabilities, warnings), asked.choice(), false, capabilities.traits());
    }

    private static void check(List<Tools.Tool> tools) throws UntranslatableRequest {
        for (int i = 0; i < tools.size(); i++) {
            if (tools.get(i) instanceof Tools.ForeignTool foreign
                    && !foreign.dialect().equals(BedrockDialect.NAME)) {
                throw new UntranslatableRequest("tools[" + i + "]", "Bedrock does not support " + foreign.kind());
            }
        }
    }

    /** Claude refuses a strict tool whose schema is outside its subset. */
    private static List<Tools.Tool> strictWhereHeld(
            List<Tools.Tool> tools, ModelCapabilities capabilities, Set<String> warnings) {
        if (capabilities.traits().vendor() != ModelTraits.Vendor.ANTHROPIC) {
            return tools;
        }
        List<Tools.Tool> held = new ArrayList<>();
        for (Tools.Tool tool : tools) {
            if (tool instanceof Tools.Function function
                    && function.strict().orElse(false)
                    && (capabilities.schema() == ModelCapabilities.Can.NO
                            || !ClaudeSchema.holds(function.parameters()))) {
                warnings.add("tools.strict: dropped for " + function.name()
                        + ", Claude does not support its schema in strict mode");
                held.add(new Tools.Function(
                        function.name(),
                        function.description(),
                        function.parameters(),
                        Optional.empty(),
                        function.cachePoint()));
            } else {
                held.add(tool);
            }
        }
        return held;
    }

    private static Set<String> calledIn(List<Turn> turns) {
        Set<String> names = new LinkedHashSet<>();
        for (Turn turn : turns) {
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolCall call) {
                    names.add(MessageWriter.nameOf(call.name()));
                }
            }
        }
        return names;
    }

    /** How many cache points the tools have, which count for the limit of the request. */
    int cachePoints() {
        if (!traits.has(ModelTraits.Flag.CACHES_TOOLS)) {
            return 0;
        }
        long marks = tools.stream()
                .filter(tool -> tool instanceof Tools.Function function
                        && function.cachePoint().isPresent())
                .count();
        return (int) Math.min(marks, MessageWriter.MOST_CACHE_POINTS);
    }

    /** Whether the model must call a tool. */
    boolean forced() {
        return choice.isPresent()
                && (choice.get() instanceof Tools.Choice.Any || choice.get() instanceof Tools.Choice.Named);
    }

    void write(JsonGenerator json) throws IOException {
        if (tools.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("toolConfig");
        json.writeArrayFieldStart("tools");
        int left = cachePoints();
        for (Tools.Tool tool : tools) {
            switch (tool) {
                case Tools.Function function -> {
                    write(json, function);
                    if (function.cachePoint().isPresent() && left-- > 0) {
                        MessageWriter.cachePoint(json, function.cachePoint().get(), traits);
                    }
                }
                case Tools.ForeignTool foreign -> json.writeRawValue(foreign.json());
            }
        }
        json.writeEndArray();
        if (choice.isPresent()) {
            json.writeObjectFieldStart("toolChoice");
            switch (choice.get()) {
                case Tools.Choice.Any any -> empty(json, "any");
                case Tools.Choice.Named named -> {
                    json.writeObjectFieldStart("tool");
                    json.writeStringField("name", named.name());
                    json.writeEndObject();
                }
                case Tools.Choice.Auto auto -> empty(json, "auto");
                case Tools.Choice.None none -> empty(json, "auto");
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void empty(JsonGenerator json, String name) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeEndObject();
    }

    /** Nova refuses other members at the top, such as {@code $schema}; definitions stay where a reference needs them. */
    private JsonNode schema(JsonNode schema) {
        boolean whole = traits.vendor() != ModelTraits.Vendor.AMAZON
                || !(schema instanceof ObjectNode)
                || schema.has("$defs")
                || schema.has("definitions");
        return whole ? schema : ((ObjectNode) schema.deepCopy()).retain(ROOT_OF_NOVA);
    }

    private void write(JsonGenerator json, Tools.Function function) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("toolSpec");
        json.writeStringField("name", function.name());
        if (!function.description().isBlank()) {
            json.writeStringField("description", function.description());
        }
        json.writeObjectFieldStart("inputSchema");
        json.writeFieldName("json");
        // Models require a schema of an object.
        json.writeRawValue(
                function.parameters().isEmpty()
                        ? "{\"type\":\"object\",\"properties\":{}}"
                        : schema(function.parameters()).toString());
        json.writeEndObject();
        if (function.strict().orElse(false)) {
            json.writeBooleanField("strict", true);
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
