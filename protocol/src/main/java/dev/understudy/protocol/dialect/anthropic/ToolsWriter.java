package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes {@code tools} and {@code tool_choice}. */
final class ToolsWriter {
    private final Tools tools;
    private final Claude claude;
    private final Set<String> called = new LinkedHashSet<>();
    private final List<String> warnings;

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
            if (claude.schema() && isNative(function.parameters())) {
                json.writeBooleanField("strict", true);
            } else {
                warnings.add("tools.strict: dropped for " + function.name()
                        + ", Anthropic does not support its schema in strict mode");
            }
        }
        json.writeEndObject();
    }

    private static boolean isNative(JsonNode schema) {
        Optional<NativeSchema.Fitted> fitted = NativeSchema.of(schema);
        return fitted.isPresent() && fitted.get().schema().equals(schema);
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

    /**
     * A JSON schema within the subset that structured outputs support: objects are closed, and limits of numbers and
     * lengths are unknown. Such limits move into the description, as in Anthropic's own clients.
     *
     * @see <a
     *     href="https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations">JSON
     *     schema limitations</a>
     */
    static final class NativeSchema {
        private static final Set<String> UNKNOWN = Set.of(
                "minimum",
                "maximum",
                "exclusiveMinimum",
                "exclusiveMaximum",
                "multipleOf",
                "minLength",
                "maxLength",
                "maxItems",
                "uniqueItems",
                "minProperties",
                "maxProperties");

        private boolean loosened;
        private boolean open;

        private NativeSchema() {}

        /**
         * A schema within the subset.
         *
         * @param loosened whether limits moved into a description
         */
        record Fitted(JsonNode schema, boolean loosened) {}

        /** Empty if the schema has open objects, which the subset does not have. */
        static Optional<Fitted> of(JsonNode schema) {
            NativeSchema fitting = new NativeSchema();
            JsonNode fitted = schema.deepCopy();
            fitting.fit(fitted);
            return fitting.open ? Optional.empty() : Optional.of(new Fitted(fitted, fitting.loosened));
        }

        private void fit(JsonNode node) {
            if (node instanceof ArrayNode list) {
                list.forEach(this::fit);
            }
            if (!(node instanceof ObjectNode schema)) {
                return;
            }
            close(schema);
            limitsToWords(schema);
            for (String of : List.of("properties", "$defs", "definitions", "patternProperties")) {
                schema.path(of).forEach(this::fit);
            }
            for (String of : List.of("items", "anyOf", "allOf", "oneOf", "not")) {
                fit(schema.path(of));
            }
        }

        private void close(ObjectNode schema) {
            JsonNode more = schema.path("additionalProperties");
            boolean object = schema.path("type").asText("").equals("object") || schema.has("properties");
            if (!object) {
                return;
            }
            boolean closed = more.isBoolean() && !more.booleanValue();
            if (more.isObject()
                    || more.asBoolean(false)
                    || (!closed && schema.path("properties").isEmpty())) {
                open = true;
            } else {
                schema.put("additionalProperties", false);
            }
        }

        private void limitsToWords(ObjectNode schema) {
            List<String> words = new ArrayList<>();
            for (Map.Entry<String, JsonNode> member : List.copyOf(schema.properties())) {
                boolean list =
                        member.getKey().equals("minItems") && member.getValue().asInt(0) > 1;
                if (list || UNKNOWN.contains(member.getKey())) {
                    words.add(member.getKey() + ": " + member.getValue());
                }
            }
            if (words.isEmpty()) {
                return;
            }
            loosened = true;
            words.forEach(word -> schema.remove(word.substring(0, word.indexOf(':'))));
            String said = schema.path("description").asText("");
            schema.put("description", (said.isEmpty() ? "" : said + " ") + "(" + String.join(", ", words) + ")");
        }
    }
}
