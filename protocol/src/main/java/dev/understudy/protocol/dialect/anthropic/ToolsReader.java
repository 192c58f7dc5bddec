package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a request's tools, the caller's own and Anthropic's, and which of them are to be used. */
final class ToolsReader {

    private ToolsReader() {}

    static Tools read(JsonNode tools, JsonNode choice) throws BadRequest {
        if (!tools.isMissingNode() && !tools.isNull() && !tools.isArray()) {
            throw BadRequest.invalid("tools", "'tools' must be a list of tools.");
        }
        List<Tools.Tool> read = new ArrayList<>();
        for (int i = 0; i < tools.size(); i++) {
            read.add(tool(tools.get(i), "tools[" + i + "]"));
        }
        JsonNode alone = choice.path("disable_parallel_tool_use");
        return new Tools(
                read, choice(choice), alone.isBoolean() ? Optional.of(!alone.booleanValue()) : Optional.empty());
    }

    private static Tools.Tool tool(JsonNode tool, String field) throws BadRequest {
        String type = tool.path("type").asText("custom");
        if (!tool.isObject()) {
            throw BadRequest.invalid(field, "'" + field + "' must be a tool, such as {\"name\": …}.");
        }
        if (!type.equals("custom") && !type.equals("null")) {
            return new Tools.ForeignTool(AnthropicDialect.NAME, type, tool.toString());
        }
        if (!tool.path("name").isTextual()) {
            throw BadRequest.missing(field + ".name", "'" + field + "' has no 'name'.");
        }
        JsonNode schema = tool.path("input_schema");
        JsonNode strict = tool.path("strict");
        return new Tools.Function(
                tool.path("name").textValue(),
                tool.path("description").asText(""),
                schema.isObject() ? schema : JsonTrees.emptyObject(),
                strict.isBoolean() ? Optional.of(strict.booleanValue()) : Optional.empty());
    }

    private static Optional<Tools.Choice> choice(JsonNode choice) throws BadRequest {
        if (choice.isMissingNode() || choice.isNull()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (choice.path("type").asText("")) {
                    case "auto" -> new Tools.Choice.Auto();
                    case "any" -> new Tools.Choice.Any();
                    case "none" -> new Tools.Choice.None();
                    case "tool" -> new Tools.Choice.Named(choice.path("name").asText(""));
                    default ->
                        throw BadRequest.invalid(
                                "tool_choice.type",
                                "'tool_choice.type' must be \"auto\", \"any\", \"tool\" or \"none\".");
                });
    }
}
