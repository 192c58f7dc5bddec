package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Tools.Choice;
import dev.understudy.protocol.neutral.Tools.Tool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads tools, what is to be done with them, and the form of the answer. */
final class ToolReader {

    private ToolReader() {}

    static Tools tools(JsonNode body) throws BadRequest {
        List<Tool> tools = new ArrayList<>();
        int index = 0;
        for (JsonNode tool : list(body, "tools")) {
            tools.add(tool(tool, "tools[" + index++ + "]"));
        }
        index = 0;
        for (JsonNode function : list(body, "functions")) {
            tools.add(function(function, "functions[" + index++ + "]"));
        }
        if (body.path("web_search_options").isObject()) {
            tools.add(new Tools.ForeignTool(
                    OpenAiDialect.NAME,
                    "web_search_options",
                    body.path("web_search_options").toString()));
        }
        JsonNode choice = body.hasNonNull("tool_choice") ? body.path("tool_choice") : body.path("function_call");
        if (choice.path("type").asText("").equals("allowed_tools")) {
            JsonNode allowed = choice.path("allowed_tools");
            tools = allowed(tools, allowed.path("tools"));
            choice = allowed.path("mode");
        }
        return new Tools(
                tools,
                choice(choice, body.hasNonNull("tool_choice") ? "tool_choice" : "function_call"),
                RequestReader.flag(body, "parallel_tool_calls"));
    }

    /** Only the named functions may be called, which is the same as if there were no others. */
    private static List<Tool> allowed(List<Tool> tools, JsonNode named) {
        Set<String> names = new HashSet<>();
        named.forEach(tool -> names.add(tool.path("function").path("name").asText("")));
        return tools.stream()
                .filter(tool -> !(tool instanceof Tools.Function function) || names.contains(function.name()))
                .toList();
    }

    private static JsonNode list(JsonNode body, String name) throws BadRequest {
        JsonNode list = body.path(name);
        if (!list.isArray() && !list.isNull() && !list.isMissingNode()) {
            throw BadRequest.invalid(name, "'" + name + "' must be a list.");
        }
        return list;
    }

    private static Tool tool(JsonNode tool, String field) throws BadRequest {
        String type = tool.path("type").asText(tool.has("function") ? "function" : "");
        if (type.isEmpty()) {
            throw BadRequest.missing(field + ".type", "'" + field + "' has no 'type', such as \"function\".");
        }
        if (type.equals("function")) {
            Tools.Function function = function(tool.path("function"), field + ".function");
            JsonNode mark = tool.path("cache_control").isObject()
                    ? tool.path("cache_control")
                    : tool.path("function").path("cache_control");
            return mark.isObject()
                    ? function.cached(new Part.CachePoint(mark.path("ttl").asText("")))
                    : function;
        }
        return new Tools.ForeignTool(OpenAiDialect.NAME, type, tool.toString());
    }

    private static Tools.Function function(JsonNode function, String field) throws BadRequest {
        String name = function.path("name").asText("");
        if (name.isEmpty()) {
            throw BadRequest.missing(field + ".name", "'" + field + "' has no 'name'.");
        }
        JsonNode parameters = function.path("parameters");
        return new Tools.Function(
                name,
                function.path("description").asText(""),
                parameters.isObject() ? parameters : JsonTrees.emptyObject(),
                RequestReader.flag(function, "strict"));
    }

    private static Optional<Choice> choice(JsonNode choice, String field) throws BadRequest {
        String name =
                choice.path("function").path("name").asText(choice.path("name").asText(""));
        if (!name.isEmpty()) {
            return Optional.of(new Choice.Named(name));
        }
        return switch (choice.asText("")) {
            case "auto" -> Optional.of(new Choice.Auto());
            case "none" -> Optional.of(new Choice.None());
            // Mistral's word.
            case "required", "any" -> Optional.of(new Choice.Any());
            // Nothing, or a tool that is no function, which no other dialect takes.
            case "" -> Optional.empty();
            default ->
                throw BadRequest.invalid(
                        field, "'" + field + "' must be \"auto\", \"none\", \"required\" or name a function.");
        };
    }

    static ResponseFormat output(JsonNode format) throws BadRequest {
        JsonNode schema = format.path("json_schema");
        return switch (format.path("type").asText("")) {
            case "json_object" -> new ResponseFormat.Json();
            case "json_schema" -> {
                if (!schema.path("schema").isObject()) {
                    throw BadRequest.missing(
                            "response_format.json_schema.schema", "'response_format' has no 'json_schema.schema'.");
                }
                yield new ResponseFormat.Schema(
                        schema.path("name").asText(""),
                        schema.path("description").asText(""),
                        schema.path("schema"),
                        RequestReader.flag(schema, "strict"));
            }
            default -> new ResponseFormat.Text();
        };
    }
}
