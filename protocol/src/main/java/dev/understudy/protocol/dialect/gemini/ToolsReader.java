package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonText;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code tools} and {@code toolConfig}. */
final class ToolsReader {
    private final JsonNode tools;
    private final JsonNode config;
    private final List<Other> others;

    ToolsReader(JsonNode tools, JsonNode config, List<Other> others) {
        this.tools = tools;
        this.config = config;
        this.others = others;
    }

    Tools tools() throws BadRequest {
        List<Tools.Tool> read = new ArrayList<>();
        for (JsonNode tool : tools.isArray() ? tools : List.of(tools)) {
            for (Map.Entry<String, JsonNode> member : tool.properties()) {
                String kind = Spelling.camel(member.getKey());
                if (kind.equals("functionDeclarations")) {
                    functions(member.getValue(), read);
                } else if (!member.getValue().isNull()) {
                    read.add(new Tools.ForeignTool(
                            GeminiDialect.NAME,
                            kind,
                            JsonText.quote(kind).transform(name -> "{" + name + ":" + member.getValue() + "}")));
                }
            }
        }
        for (Map.Entry<String, JsonNode> member : config.properties()) {
            String name = Spelling.camel(member.getKey());
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
            String name = Spelling.text(function, "name");
            if (name.isEmpty()) {
                throw BadRequest.missing(
                        "tools", "A declaration in 'tools[].functionDeclarations' has no 'name'. Name the function.");
            }
            JsonNode schema = Spelling.get(function, "parametersJsonSchema");
            JsonNode parameters = Spelling.get(function, "parameters");
            if (!schema.isObject()) {
                schema = parameters.isObject() ? SchemaReader.jsonSchema(parameters) : JsonTrees.emptyObject();
            }
            read.add(new Tools.Function(name, Spelling.text(function, "description"), schema, Optional.empty()));
        }
    }

    private Optional<Tools.Choice> choice(List<Tools.Tool> read) {
        JsonNode calling = Spelling.get(config, "functionCallingConfig");
        List<String> allowed = new ArrayList<>();
        Spelling.get(calling, "allowedFunctionNames").forEach(name -> allowed.add(name.asText("")));
        return switch (Spelling.text(calling, "mode")) {
            case "AUTO", "VALIDATED" -> Optional.of(new Tools.Choice.Auto());
            case "NONE" -> Optional.of(new Tools.Choice.None());
            case "ANY" -> {
                // Of several that are allowed, only those may be called: the others are not offered.
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
