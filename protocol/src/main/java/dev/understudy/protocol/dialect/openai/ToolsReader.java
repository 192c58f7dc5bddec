package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Tools.Choice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the tools of a request and what is to be done with them; the older {@code functions} too. */
final class ToolsReader {
    private final JsonNode body;

    private ToolsReader(JsonNode body) {
        this.body = body;
    }

    static Tools read(JsonNode body) throws BadRequest {
        return new ToolsReader(body).tools();
    }

    private Tools tools() throws BadRequest {
        List<Tools.Tool> tools = new ArrayList<>();
        list("tools", tools);
        list("functions", tools);
        JsonNode chosen = body.path("tool_choice");
        Set<String> allowed = allowed(chosen);
        if (!allowed.isEmpty()) {
            tools.removeIf(tool -> tool instanceof Tools.Function function && !allowed.contains(function.name()));
        }
        Optional<Choice> choice = choice(chosen);
        return new Tools(
                tools,
                choice.isPresent() ? choice : choice(body.path("function_call")),
                flag(body.path("parallel_tool_calls")));
    }

    private void list(String name, List<Tools.Tool> tools) throws BadRequest {
        JsonNode list = body.path(name);
        if (!RequestReader.isAbsent(list) && !list.isArray()) {
            throw BadRequest.invalid(name, "'" + name + "' must be a list.");
        }
        for (JsonNode tool : list) {
            String type = tool.path("type").asText("function");
            tools.add(
                    type.equals("function")
                            ? function(tool.path("function").isObject() ? tool.path("function") : tool)
                            : new Tools.ForeignTool(OpenAiDialect.NAME, type, tool.toString()));
        }
    }

    private static Tools.Function function(JsonNode function) {
        return new Tools.Function(
                function.path("name").asText(""),
                function.path("description").asText(""),
                function.path("parameters").isObject() ? function.path("parameters") : JsonTrees.emptyObject(),
                flag(function.path("strict")));
    }

    private static Optional<Choice> choice(JsonNode choice) {
        if (choice.isObject()) {
            String name = choice.path("function")
                    .path("name")
                    .asText(choice.path("name").asText(""));
            if (!name.isEmpty()) {
                return Optional.of(new Choice.Named(name));
            }
            return choice(choice.path("allowed_tools").path("mode"));
        }
        return switch (choice.asText("")) {
            case "auto" -> Optional.of(new Choice.Auto());
            case "none" -> Optional.of(new Choice.None());
            case "required", "any" -> Optional.of(new Choice.Any());
            default -> Optional.empty();
        };
    }

    /** The tools to which the request confines the model; empty if to none. */
    private static Set<String> allowed(JsonNode choice) {
        Set<String> names = new HashSet<>();
        for (JsonNode tool : choice.path("allowed_tools").path("tools")) {
            names.add(tool.path("function").path("name").asText(""));
        }
        return names;
    }

    static Optional<Boolean> flag(JsonNode value) {
        return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }
}
