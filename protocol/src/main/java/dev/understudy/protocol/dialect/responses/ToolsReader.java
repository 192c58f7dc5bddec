package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Tools.Choice;
import dev.understudy.protocol.neutral.Tools.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the tools and what the model has to do with them. */
final class ToolsReader {
    private final Fields request;
    private final List<Other> others;
    private List<Tool> tools = new ArrayList<>();

    private ToolsReader(Fields request, List<Other> others) {
        this.request = request;
        this.others = others;
    }

    /** @param others gets a choice that only OpenAI knows */
    static Tools read(Fields request, List<Other> others) throws BadRequest {
        return new ToolsReader(request, others).tools();
    }

    private Tools tools() throws BadRequest {
        JsonNode list = request.node("tools");
        if (!list.isArray() && request.has("tools")) {
            throw Fields.wrong("tools", "a list of tools");
        }
        for (int i = 0; i < list.size(); i++) {
            tools.add(tool(Fields.of(list.get(i), "tools[" + i + "]")));
        }
        Optional<Choice> choice = choice(request.node("tool_choice"));
        return new Tools(tools, choice, request.flag("parallel_tool_calls"));
    }

    private static Tool tool(Fields tool) throws BadRequest {
        String type = tool.needed("type");
        if (!type.equals("function")) {
            return new Tools.ForeignTool(
                    ResponsesDialect.NAME, type, tool.whole().toString());
        }
        JsonNode parameters = tool.node("parameters");
        if (!parameters.isObject() && tool.has("parameters")) {
            throw Fields.wrong(tool.path("parameters"), "a JSON schema");
        }
        return new Tools.Function(
                tool.needed("name"),
                tool.text("description"),
                parameters.isObject() ? parameters : JsonTrees.emptyObject(),
                tool.flag("strict"));
    }

    private Optional<Choice> choice(JsonNode choice) throws BadRequest {
        if (choice.isMissingNode() || choice.isNull()) {
            return Optional.empty();
        }
        if (choice.isTextual()) {
            return switch (choice.textValue()) {
                case "auto" -> Optional.of(new Choice.Auto());
                case "none" -> Optional.of(new Choice.None());
                case "required" -> Optional.of(new Choice.Any());
                default -> throw Fields.wrong("tool_choice", "auto, none, required or an object");
            };
        }
        Fields object = Fields.of(choice, "tool_choice");
        return switch (object.needed("type")) {
            case "function" -> Optional.of(new Choice.Named(object.needed("name")));
            case "allowed_tools" -> Optional.of(allowed(object));
            default -> {
                others.add(new Other(ResponsesDialect.NAME, "tool_choice", choice.toString()));
                yield Optional.empty();
            }
        };
    }

    /** Those that are not allowed might as well not be there, but for OpenAI's cache of the prompt. */
    private Choice allowed(Fields choice) throws BadRequest {
        tools = tools.stream()
                .filter(tool -> isAmong(choice.node("tools"), tool))
                .toList();
        return choice.text("mode").equals("required") ? new Choice.Any() : new Choice.Auto();
    }

    private static boolean isAmong(JsonNode allowed, Tool tool) {
        for (JsonNode entry : allowed) {
            String type = entry.path("type").asText();
            boolean is = switch (tool) {
                case Tools.Function function ->
                    type.equals("function") && entry.path("name").asText().equals(function.name());
                case Tools.ForeignTool foreign -> type.equals(foreign.kind());
            };
            if (is) {
                return true;
            }
        }
        return false;
    }
}
