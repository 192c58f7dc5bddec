package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.TextTool;
import dev.understudy.protocol.json.JsonTrees;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Expresses the tools that only the Responses API has as functions, which every dialect has, and finds the caller's tool that
 * a called function stands for. Coding agents (Codex) define such tools in every request.
 *
 * <ul>
 *   <li>A {@code custom} tool, whose input is one text, becomes a function with one string parameter, {@code input}.
 *   <li>The tools of a {@code namespace} become functions of their own, named {@code namespace__name}.
 *   <li>Tools of {@code additional_tools} items are appended to the others.
 * </ul>
 *
 * <p>The names depend on the request alone, so that the writer of the answer finds the same ones.
 *
 * @see <a href="https://platform.openai.com/docs/guides/function-calling#custom-tools">OpenAI: custom tools</a>
 */
final class PortableTools {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, CallerTool> byName = new HashMap<>();
    private final ArrayNode functions = JSON.arrayNode();

    /**
     * A tool of the caller that a function stands for.
     *
     * @param custom whether its input is one text
     * @param namespace the group that it is in; empty if it is in none
     */
    record CallerTool(boolean custom, String namespace, String name) {}

    private PortableTools(JsonNode tools, JsonNode input) {
        Set<String> taken = new HashSet<>();
        tools.forEach(tool -> taken.add(tool.path("name").asText()));
        tools.forEach(tool -> add(tool, "", taken));
        for (JsonNode item : input) {
            if (isAdditional(item)) {
                item.path("tools").forEach(tool -> add(tool, "", taken));
            }
        }
    }

    /** The tools of a request; none if it has no tools that need it. */
    static PortableTools of(JsonNode request) {
        return new PortableTools(request.path("tools"), request.path("input"));
    }

    /** The tools of a request, given the texts of two of its members, which may be empty. */
    static PortableTools of(String tools, String input) {
        boolean needed = tools.contains("\"custom\"")
                || tools.contains("\"namespace\"")
                || input.contains("\"additional_tools\"");
        return needed
                ? new PortableTools(
                        tools.isEmpty() ? JSON.arrayNode() : JsonTrees.of(tools),
                        input.contains("\"additional_tools\"") ? JsonTrees.of(input) : JSON.arrayNode())
                : new PortableTools(JSON.arrayNode(), JSON.arrayNode());
    }

    /** The tool of the caller that a function stands for; empty if it is a function of the caller. */
    Optional<CallerTool> behind(String function) {
        return Optional.ofNullable(byName.get(function));
    }

    private static boolean isAdditional(JsonNode item) {
        return item.path("type").asText().equals("additional_tools");
    }

    private void add(JsonNode tool, String namespace, Set<String> taken) {
        String name = tool.path("name").asText();
        switch (tool.path("type").asText()) {
            case "function" -> {
                if (namespace.isEmpty()) {
                    functions.add(tool);
                } else {
                    ObjectNode function = tool.deepCopy();
                    functions.add(function.put("name", standFor(new CallerTool(false, namespace, name), taken)));
                }
            }
            case "custom" -> functions.add(function(tool, standFor(new CallerTool(true, namespace, name), taken)));
            case "namespace" -> tool.path("tools").forEach(inner -> add(inner, name, taken));
            default -> functions.add(tool);
        }
    }

    /** The name of the function that stands for a tool: its own, or one behind that of its namespace. */
    private String standFor(CallerTool tool, Set<String> taken) {
        String wanted = tool.namespace().isEmpty() ? tool.name() : tool.namespace() + "__" + tool.name();
        String name = wanted;
        for (int i = 2; !tool.namespace().isEmpty() && !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        byName.put(name, tool);
        return name;
    }

    private static ObjectNode function(JsonNode custom, String name) {
        ObjectNode function = TextTool.function(name, custom.path("description").asText(), custom.path("format"));
        return function.put("type", "function");
    }

    /** The request with functions in place of these tools, their calls and their results. */
    JsonNode applied(ObjectNode request) {
        if (byName.isEmpty()) {
            return request;
        }
        ObjectNode portable = request.deepCopy();
        portable.set("tools", functions);
        if (portable.path("input") instanceof ArrayNode items) {
            ArrayNode rewritten = JSON.arrayNode();
            for (JsonNode item : items) {
                if (!isAdditional(item)) {
                    rewritten.add(item(item));
                }
            }
            portable.set("input", rewritten);
        }
        if (portable.path("tool_choice") instanceof ObjectNode choice) {
            portable.set("tool_choice", choice(choice));
        }
        return portable;
    }

    private JsonNode item(JsonNode item) {
        String type = item.path("type").asText();
        boolean spaced = !item.path("namespace").asText().isEmpty();
        if (type.equals("custom_tool_call")) {
            ObjectNode call = named((ObjectNode) item, true);
            call.put("type", "function_call");
            call.put("arguments", TextTool.arguments(item.path("input").asText()));
            return call;
        }
        if (type.equals("custom_tool_call_output")) {
            ObjectNode output = item.deepCopy();
            return output.put("type", "function_call_output");
        }
        return type.equals("function_call") && spaced ? named((ObjectNode) item, false) : item;
    }

    /** A copy with the name of the function that stands for the tool. */
    private ObjectNode named(ObjectNode call, boolean custom) {
        CallerTool tool = new CallerTool(
                custom, call.path("namespace").asText(), call.path("name").asText());
        ObjectNode renamed = call.deepCopy();
        renamed.remove("namespace");
        byName.forEach((function, behind) -> {
            if (behind.equals(tool)) {
                renamed.put("name", function);
            }
        });
        return renamed;
    }

    private JsonNode choice(ObjectNode choice) {
        return switch (choice.path("type").asText()) {
            case "custom" -> named(choice, true).put("type", "function");
            case "function" -> named(choice, false);
            case "allowed_tools" -> {
                ObjectNode rewritten = choice.deepCopy();
                ArrayNode allowed = rewritten.putArray("tools");
                for (JsonNode tool : choice.path("tools")) {
                    allowed.add(tool instanceof ObjectNode object ? choice(object) : tool);
                }
                yield rewritten;
            }
            default -> choice;
        };
    }
}
