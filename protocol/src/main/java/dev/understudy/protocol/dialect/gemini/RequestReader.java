package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a whole request. */
final class RequestReader {
    private final JsonFields body;
    private final List<Other> others = new ArrayList<>();

    private RequestReader(JsonFields body) {
        this.body = body;
    }

    static NeutralRequest read(byte[] body, boolean stream) throws BadRequest {
        return new RequestReader(JsonFields.lenient(JsonTrees.read(body), "").protoJson()).request(stream);
    }

    private NeutralRequest request(boolean stream) throws BadRequest {
        List<Turn> turns = new ArrayList<>();
        instructions(turns);
        if (!body.has("contents")) {
            throw RequestFactsReader.noContents();
        }
        new ContentsReader().read(body.get("contents"), turns);
        ConfigReader config = new ConfigReader(body.object("generationConfig"), others);
        ToolsReader tools = new ToolsReader(body.get("tools"), body.object("toolConfig"), others);
        NeutralRequest.Builder request = new NeutralRequest.Builder(turns)
                        .tools(tools.tools())
                        .sampling(config.sampling())
                        .reasoning(config.reasoning())
                        .output(config.output())
                        .metadata(labels())
                        .stream(stream)
                        // Every chunk has the usage.
                        .usageInStream(stream);
        config.others();
        restOfBody();
        return request.others(others).build();
    }

    private void instructions(List<Turn> turns) {
        JsonNode instruction = body.get("systemInstruction");
        JsonNode parts = body.at("systemInstruction").get("parts");
        List<Part> texts = new ArrayList<>();
        for (JsonNode part : parts.isArray() ? parts : List.of(parts)) {
            String text = part.path("text").asText("");
            if (!text.isEmpty()) {
                texts.add(Part.Text.of(text));
            }
        }
        if (instruction.isTextual() && !instruction.textValue().isEmpty()) {
            texts.add(Part.Text.of(instruction.textValue()));
        }
        if (!texts.isEmpty()) {
            turns.add(Turn.of(Turn.Role.SYSTEM, texts));
        }
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> label : body.get("labels").properties()) {
            labels.put(label.getKey(), label.getValue().asText(""));
        }
        return labels;
    }

    private void restOfBody() {
        for (Map.Entry<String, JsonNode> member : body.json().properties()) {
            String name = JsonFields.camelCase(member.getKey());
            switch (name) {
                case "contents",
                        "systemInstruction",
                        "tools",
                        "toolConfig",
                        "generationConfig",
                        "labels",
                        // Some clients repeat the model of the path here.
                        "model" -> {}
                default -> {
                    if (!member.getValue().isNull()) {
                        others.add(new Other(
                                GeminiDialect.NAME, name, member.getValue().toString()));
                    }
                }
            }
        }
    }

    /** Reads {@code tools} and {@code toolConfig}. */
    static final class ToolsReader {
        private final JsonNode tools;
        private final JsonFields config;
        private final List<Other> others;

        ToolsReader(JsonNode tools, JsonFields config, List<Other> others) {
            this.tools = tools;
            this.config = config;
            this.others = others;
        }

        Tools tools() throws BadRequest {
            List<Tools.Tool> read = new ArrayList<>();
            for (JsonNode tool : tools.isArray() ? tools : List.of(tools)) {
                for (Map.Entry<String, JsonNode> member : tool.properties()) {
                    String kind = JsonFields.camelCase(member.getKey());
                    if (kind.equals("functionDeclarations")) {
                        functions(member.getValue(), read);
                    } else if (!member.getValue().isNull()) {
                        read.add(new Tools.ForeignTool(
                                GeminiDialect.NAME,
                                kind,
                                JsonOut.quote(kind).transform(name -> "{" + name + ":" + member.getValue() + "}")));
                    }
                }
            }
            for (Map.Entry<String, JsonNode> member : config.json().properties()) {
                String name = JsonFields.camelCase(member.getKey());
                if (!name.equals("functionCallingConfig") && !member.getValue().isNull()) {
                    others.add(new Other(
                            GeminiDialect.NAME,
                            "toolConfig." + name,
                            member.getValue().toString()));
                }
            }
            return new Tools(read, choice(read), Optional.empty());
        }

        private static void functions(JsonNode declarations, List<Tools.Tool> read) throws BadRequest {
            for (JsonNode function : declarations.isArray() ? declarations : List.of(declarations)) {
                JsonFields fields = JsonFields.lenient(function, "tools").protoJson();
                String name = fields.text("name");
                if (name.isEmpty()) {
                    throw BadRequest.missing(
                            "tools",
                            "A declaration in 'tools[].functionDeclarations' has no 'name'. Name the function.");
                }
                JsonNode schema = fields.get("parametersJsonSchema");
                JsonNode parameters = fields.get("parameters");
                if (!schema.isObject()) {
                    schema = parameters.isObject() ? SchemaReader.jsonSchema(parameters) : JsonTrees.emptyObject();
                }
                read.add(new Tools.Function(name, fields.text("description"), schema, Optional.empty()));
            }
        }

        private Optional<Tools.Choice> choice(List<Tools.Tool> read) {
            JsonFields calling = config.at("functionCallingConfig");
            List<String> allowed = new ArrayList<>();
            calling.get("allowedFunctionNames").forEach(name -> allowed.add(name.asText("")));
            return switch (calling.text("mode")) {
                case "AUTO", "VALIDATED" -> Optional.of(new Tools.Choice.Auto());
                case "NONE" -> Optional.of(new Tools.Choice.None());
                case "ANY" -> {
                    // With several allowed functions, the others are not offered.
                    if (!allowed.isEmpty()) {
                        read.removeIf(
                                tool -> tool instanceof Tools.Function function && !allowed.contains(function.name()));
                    }
                    yield Optional.of(
                            allowed.size() == 1 ? new Tools.Choice.Named(allowed.getFirst()) : new Tools.Choice.Any());
                }
                default -> Optional.empty();
            };
        }
    }

    /**
     * Converts Gemini's {@code Schema}, which is OpenAPI 3.0's with types in capitals, to JSON Schema: {@code nullable}
     * becomes one more type, counts in quotes (ProtoJSON's 64-bit numbers) become numbers, and {@code
     * propertyOrdering}, which no other vendor has, is dropped.
     *
     * @see <a href="https://ai.google.dev/api/caching#Schema">Gemini API: Schema</a>
     */
    static final class SchemaReader {
        private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

        private SchemaReader() {}

        /** @param schema of bounded depth; a value that is not an object becomes an empty schema */
        static JsonNode jsonSchema(JsonNode schema) {
            ObjectNode read = NODES.objectNode();
            for (Map.Entry<String, JsonNode> member : schema.properties()) {
                member(JsonFields.camelCase(member.getKey()), member.getValue(), read);
            }
            if (schema.path("nullable").asBoolean(false)) {
                orNull(read);
            }
            return read;
        }

        private static void member(String name, JsonNode value, ObjectNode read) {
            switch (name) {
                case "type" -> type(value, read);
                case "nullable", "propertyOrdering" -> {}
                case "format" -> {
                    // Gemini's mark of strings with an enum; other vendors have no such format.
                    if (!value.asText("").equals("enum")) {
                        read.set("format", value);
                    }
                }
                case "example" -> read.set("examples", NODES.arrayNode().add(value));
                case "minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength" ->
                    read.set(name, count(value));
                case "items" -> read.set("items", value.isObject() ? jsonSchema(value) : value);
                case "anyOf" -> {
                    ArrayNode all = read.putArray("anyOf");
                    value.forEach(one -> all.add(jsonSchema(one)));
                }
                case "properties" -> {
                    ObjectNode all = read.putObject("properties");
                    for (Map.Entry<String, JsonNode> property : value.properties()) {
                        all.set(property.getKey(), jsonSchema(property.getValue()));
                    }
                }
                default -> read.set(name, value);
            }
        }

        private static void type(JsonNode type, ObjectNode read) {
            if (type.isTextual()) {
                if (!type.textValue().equals("TYPE_UNSPECIFIED")) {
                    read.put("type", type.textValue().toLowerCase(Locale.ROOT));
                }
            } else {
                read.set("type", type);
            }
        }

        private static void orNull(ObjectNode read) {
            if (read.path("type").isTextual()) {
                String type = read.path("type").textValue();
                read.putArray("type").add(type).add("null");
                if (read.get("enum") instanceof ArrayNode values) {
                    read.set("enum", values.deepCopy().addNull());
                }
            } else if (read.get("anyOf") instanceof ArrayNode all) {
                all.add(NODES.objectNode().put("type", "null"));
            }
        }

        private static JsonNode count(JsonNode value) {
            String digits = value.asText("");
            boolean isCount = value.isTextual()
                    && !digits.isEmpty()
                    && digits.length() <= 9
                    && digits.chars().allMatch(c -> c >= '0' && c <= '9');
            return isCount ? NODES.numberNode(Integer.parseInt(digits)) : value;
        }
    }
}
