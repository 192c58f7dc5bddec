package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Conversation;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes a whole request. What cannot be translated is refused before the first byte is written. */
final class RequestWriter {
    private static final String JSON_ONLY = "Respond with a single JSON object and nothing else.";
    private static final String JSON_LIKE_THIS = "Respond only with JSON that conforms to this JSON schema:\n";

    private final NeutralRequest request;
    private final ModelCapabilities capabilities;
    private final ModelTraits traits;
    private final Warnings warnings = new Warnings();

    RequestWriter(NeutralRequest request, ModelCapabilities capabilities) {
        this.request = request;
        this.capabilities = capabilities;
        this.traits = capabilities.traits();
    }

    WrittenRequest write() throws UntranslatableRequest {
        Conversation conversation = Conversation.of(request.turns());
        warnings.addAll(conversation.warnings());
        List<String> instructions = instructions(conversation.instructions());
        ResponseFormat held = nativeOutput(instructions);
        List<JsonOut.Content> contents = new ContentsWriter(traits, warnings).contents(conversation.turns());
        if (contents.isEmpty()) {
            if (instructions.isEmpty()) {
                throw new UntranslatableRequest("contents", "Gemini does not accept a request without text.");
            }
            warnings.say("messages", "only instructions; sent as a user message");
            contents.add(onlyInstructions(List.copyOf(instructions)));
            instructions.clear();
        }
        ToolsWriter tools = new ToolsWriter(request.tools(), traits, warnings);
        ConfigWriter config = new ConfigWriter(request, held, capabilities, warnings);
        warnAboutTheRest();
        byte[] body = JsonOut.bytes(json -> {
            json.writeStartObject();
            if (!instructions.isEmpty()) {
                json.writeObjectFieldStart("systemInstruction");
                texts(json, instructions);
                json.writeEndObject();
            }
            json.writeArrayFieldStart("contents");
            for (JsonOut.Content content : contents) {
                content.writeTo(json);
            }
            json.writeEndArray();
            tools.write(json, ownOthers("toolConfig."));
            config.write(json, ownOthers("generationConfig."));
            for (Other other : ownOthers("")) {
                json.writeFieldName(other.name());
                json.writeRawValue(other.json());
            }
            json.writeEndObject();
        });
        return new WrittenRequest(body, warnings.all());
    }

    private static List<String> instructions(List<Part> parts) {
        List<String> texts = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                texts.add(text.text());
            }
        }
        return texts;
    }

    private static JsonOut.Content onlyInstructions(List<String> instructions) {
        return json -> {
            json.writeStartObject();
            json.writeStringField("role", "user");
            texts(json, instructions);
            json.writeEndObject();
        };
    }

    private static void texts(JsonGenerator json, List<String> texts) throws IOException {
        json.writeArrayFieldStart("parts");
        for (String text : texts) {
            json.writeStartObject();
            json.writeStringField("text", text);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The output format as far as Gemini enforces it; otherwise the instructions ask for it. */
    private ResponseFormat nativeOutput(List<String> instructions) {
        boolean besideTools = traits.has(ModelTraits.Flag.NO_JSON_WITH_TOOLS)
                && !request.tools().tools().isEmpty();
        return switch (request.output()) {
            case ResponseFormat.Text text -> text;
            case ResponseFormat.Json json -> {
                if (!besideTools) {
                    yield json;
                }
                warnings.say(
                        "response_format",
                        "moved to the instructions; this model does not support JSON output with tools");
                instructions.add(JSON_ONLY);
                yield new ResponseFormat.Text();
            }
            case ResponseFormat.Schema schema -> {
                if (!besideTools && capabilities.schema() != ModelCapabilities.Can.NO) {
                    yield schema;
                }
                warnings.say(
                        "response_format",
                        besideTools
                                ? "moved to the instructions; this model does not support JSON output with tools"
                                : "the schema was moved to the instructions; this model does not enforce schemas");
                instructions.add(JSON_LIKE_THIS + schema.schema());
                yield besideTools ? new ResponseFormat.Text() : new ResponseFormat.Json();
            }
        };
    }

    private void warnAboutTheRest() {
        if (!request.user().isEmpty()) {
            warnings.dropped("user");
        }
        if (!request.metadata().isEmpty()) {
            warnings.dropped("metadata");
        }
        String tier = request.serviceTier();
        if (!tier.isEmpty() && !tier.equals("auto") && !tier.equals("default")) {
            warnings.dropped("service_tier");
        }
        if (request.tools().parallel().equals(Optional.of(false))
                && !request.tools().tools().isEmpty()) {
            warnings.dropped("parallel_tool_calls");
        }
        for (Other other : request.others()) {
            if (!other.dialect().equals(GeminiDialect.NAME)) {
                warnings.dropped(other.name());
            }
        }
        for (Turn turn : request.turns()) {
            if (!turn.name().isEmpty()) {
                warnings.dropped("messages[].name");
            }
        }
        for (Tools.Tool tool : request.tools().tools()) {
            if (tool instanceof Tools.Function function
                    && function.strict().orElse(false)
                    && traits.has(ModelTraits.Flag.NO_STRICT_TOOLS)) {
                warnings.say("tools[].strict", "dropped, not supported by this model");
            }
        }
    }

    /** The caller's members of this dialect, by their names within the object of that prefix; "" for the body. */
    private List<Other> ownOthers(String prefix) {
        List<Other> own = new ArrayList<>();
        for (Other other : request.others()) {
            boolean isHere = prefix.isEmpty()
                    ? !other.name().startsWith("toolConfig.") && !other.name().startsWith("generationConfig.")
                    : other.name().startsWith(prefix);
            if (isHere && other.dialect().equals(GeminiDialect.NAME)) {
                own.add(new Other(other.dialect(), other.name().substring(prefix.length()), other.json()));
            }
        }
        return own;
    }

    /** What the target is not told; each warning is given once. */
    static final class Warnings {
        private final Set<String> said = new LinkedHashSet<>();

        /** @param what what was done with the field */
        void say(String field, String what) {
            said.add(field + ": " + what);
        }

        void dropped(String field) {
            say(field, "dropped, not supported by Gemini");
        }

        void addAll(List<String> sentences) {
            said.addAll(sentences);
        }

        List<String> all() {
            return new ArrayList<>(said);
        }
    }

    /**
     * Writes {@code tools} and {@code toolConfig}.
     *
     * <p>Schemas go into {@code parametersJsonSchema}, which takes any JSON schema and exists in v1beta and at Vertex
     * AI; the older {@code parameters} has no {@code $ref}, no {@code additionalProperties} and no lists of types.
     *
     * @see <a href="https://ai.google.dev/api/caching#FunctionDeclaration">Gemini API: FunctionDeclaration</a>
     */
    static final class ToolsWriter {
        /** The members of a schema that describes no argument. */
        private static final Set<String> NO_ARGUMENTS =
                Set.of("type", "properties", "required", "additionalProperties", "$schema", "description", "title");

        private final List<Tools.Function> functions = new ArrayList<>();
        private final List<Tools.ForeignTool> own = new ArrayList<>();
        private final Tools tools;
        private final boolean validated;

        ToolsWriter(Tools tools, ModelTraits traits, RequestWriter.Warnings warnings) throws UntranslatableRequest {
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
                                    "Gemini does not support the tool '" + foreign.kind() + "', which "
                                            + foreign.dialect() + " runs.");
                        }
                        own.add(foreign);
                    }
                }
                index++;
            }
            validated = strict && !traits.has(ModelTraits.Flag.NO_STRICT_TOOLS);
            if (functions.isEmpty() && asksForFunctions()) {
                warnings.say("tool_choice", "dropped, the request has no functions");
            }
        }

        private boolean asksForFunctions() {
            return tools.choice()
                    .filter(choice -> choice instanceof Tools.Choice.Any || choice instanceof Tools.Choice.Named)
                    .isPresent();
        }

        /** @param others other members of the caller's {@code toolConfig} */
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
            if (hasMembers(function.parameters())) {
                json.writeFieldName("parametersJsonSchema");
                json.writeRawValue(function.parameters().toString());
            }
            json.writeEndObject();
        }

        /** A function without arguments has no schema: Gemini refuses an object without properties. */
        private static boolean hasMembers(JsonNode schema) {
            return !schema.isEmpty()
                    && !(schema.path("type").asText("").equals("object")
                            && schema.path("properties").isEmpty()
                            && NO_ARGUMENTS.containsAll(names(schema))
                            && !schema.path("additionalProperties").isObject()
                            && !schema.path("additionalProperties").asBoolean(false));
        }

        private static Set<String> names(JsonNode schema) {
            Set<String> names = new LinkedHashSet<>();
            schema.fieldNames().forEachRemaining(names::add);
            return names;
        }

        private void calling(JsonGenerator json) throws IOException {
            json.writeObjectFieldStart("functionCallingConfig");
            Tools.Choice choice = tools.choice().orElse(new Tools.Choice.Auto());
            switch (choice) {
                // Arguments of a forced call meet their schema anyway.
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
}
