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
 *   <li>A {@code tool_search} that the caller executes becomes a function of that name; the tools that its results
 *       ({@code tool_search_output} items) contain are appended to the others. One that OpenAI executes is no function; its items
 *       are left out.
 * </ul>
 *
 * <p>The names depend on the request alone, so that the writer of the answer finds the same ones.
 *
 * @see <a href="https://platform.openai.com/docs/guides/function-calling#custom-tools">OpenAI: custom tools</a>
 * @see <a href="https://platform.openai.com/docs/guides/tools-tool-search">OpenAI: tool search</a>
 */
final class PortableTools {
    /** The type of the search for tools, and the name of the function that stands for it. */
    static final String SEARCH = "tool_search";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, CallerTool> byName = new HashMap<>();
    private final ArrayNode functions = JSON.arrayNode();
    private boolean openAiSearches;

    /**
     * A tool of the caller that a function stands for.
     *
     * @param namespace the group that it is in; empty if it is in none
     */
    record CallerTool(Kind kind, String namespace, String name) {}

    /** What kind of tool it is, with the type of its calls and the prefix of their ids. */
    enum Kind {
        FUNCTION("function_call", "fc"),
        /** Its input is one text. */
        CUSTOM("custom_tool_call", "ctc"),
        /** A search for tools that the caller executes. */
        SEARCH("tool_search_call", "tsc");

        private final String callType;
        private final String idPrefix;

        Kind(String callType, String idPrefix) {
            this.callType = callType;
            this.idPrefix = idPrefix;
        }

        String callType() {
            return callType;
        }

        String idPrefix() {
            return idPrefix;
        }
    }

    private PortableTools(JsonNode tools, JsonNode input) {
        Set<String> taken = new HashSet<>();
        tools.forEach(tool -> taken.add(tool.path("name").asText()));
        tools.forEach(tool -> add(tool, "", taken));
        for (JsonNode item : input) {
            if (isAdditional(item)) {
                item.path("tools").forEach(tool -> add(tool, "", taken));
            } else if (isFound(item)) {
                item.path("tools").forEach(tool -> addFound(tool, taken));
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
                || tools.contains("\"tool_search\"")
                || hasTools(input);
        return needed
                ? new PortableTools(
                        tools.isEmpty() ? JSON.arrayNode() : JsonTrees.of(tools),
                        hasTools(input) ? JsonTrees.of(input) : JSON.arrayNode())
                : new PortableTools(JSON.arrayNode(), JSON.arrayNode());
    }

    /** The tool of the caller that a function stands for; empty if it is a function of the caller. */
    Optional<CallerTool> behind(String function) {
        return Optional.ofNullable(byName.get(function));
    }

    private static boolean hasTools(String input) {
        return input.contains("\"additional_tools\"") || input.contains("\"tool_search_output\"");
    }

    private static boolean isAdditional(JsonNode item) {
        return item.path("type").asText().equals("additional_tools");
    }

    /** Whether an item has the tools that a search of the caller has found. */
    private static boolean isFound(JsonNode item) {
        return item.path("type").asText().equals("tool_search_output") && isByCaller(item);
    }

    /** Whether the caller executes a search; OpenAI does where nothing is said. */
    private static boolean isByCaller(JsonNode search) {
        return search.path("execution").asText().equals("client");
    }

    /** Adds a tool that a search has found, unless an earlier search has found it too. */
    private void addFound(JsonNode tool, Set<String> taken) {
        String name = tool.path("name").asText();
        boolean namespace = tool.path("type").asText().equals("namespace");
        if (namespace) {
            for (JsonNode inner : tool.path("tools")) {
                CallerTool found =
                        new CallerTool(kindOf(inner), name, inner.path("name").asText());
                if (!byName.containsValue(found)) {
                    add(inner, name, taken);
                }
            }
        } else if (taken.add(name)) {
            add(tool, "", taken);
        }
    }

    private static Kind kindOf(JsonNode tool) {
        return tool.path("type").asText().equals("custom") ? Kind.CUSTOM : Kind.FUNCTION;
    }

    private void add(JsonNode tool, String namespace, Set<String> taken) {
        String name = tool.path("name").asText();
        switch (tool.path("type").asText()) {
            case "function" -> {
                if (namespace.isEmpty()) {
                    functions.add(tool);
                } else {
                    ObjectNode function = tool.deepCopy();
                    functions.add(
                            function.put("name", standFor(new CallerTool(Kind.FUNCTION, namespace, name), taken)));
                }
            }
            case "custom" ->
                functions.add(function(tool, standFor(new CallerTool(Kind.CUSTOM, namespace, name), taken)));
            case "namespace" -> tool.path("tools").forEach(inner -> add(inner, name, taken));
            case SEARCH -> search(tool, taken);
            default -> functions.add(tool);
        }
    }

    private void search(JsonNode tool, Set<String> taken) {
        if (!isByCaller(tool)) {
            openAiSearches = true;
            functions.add(tool);
            return;
        }
        ObjectNode function = tool.deepCopy();
        function.remove("execution");
        function.put("type", "function");
        String name = SEARCH;
        for (int i = 2; !taken.add(name); i++) {
            name = SEARCH + "_" + i;
        }
        byName.put(name, new CallerTool(Kind.SEARCH, "", SEARCH));
        functions.add(function.put("name", name));
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
        if (byName.isEmpty() && !openAiSearches) {
            return request;
        }
        ObjectNode portable = request.deepCopy();
        portable.set("tools", functions);
        if (portable.path("input") instanceof ArrayNode items) {
            ArrayNode rewritten = JSON.arrayNode();
            for (JsonNode item : items) {
                if (!isAdditional(item) && !isSearchOfOpenAi(item)) {
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

    /** Whether an item is of a search that OpenAI executed: the tools that it found are in the request. */
    private boolean isSearchOfOpenAi(JsonNode item) {
        String type = item.path("type").asText();
        return (type.equals("tool_search_call") || type.equals("tool_search_output")) && !isByCaller(item);
    }

    private JsonNode item(JsonNode item) {
        String type = item.path("type").asText();
        boolean spaced = !item.path("namespace").asText().isEmpty();
        if (type.equals("custom_tool_call")) {
            ObjectNode call = named((ObjectNode) item, Kind.CUSTOM);
            call.put("type", "function_call");
            call.put("arguments", TextTool.arguments(item.path("input").asText()));
            return call;
        }
        if (type.equals("custom_tool_call_output")) {
            ObjectNode output = item.deepCopy();
            return output.put("type", "function_call_output");
        }
        if (type.equals("tool_search_call")) {
            ObjectNode call = named(((ObjectNode) item).deepCopy().put("name", SEARCH), Kind.SEARCH);
            call.remove("execution");
            call.put("type", "function_call");
            JsonNode arguments = item.path("arguments");
            return call.put("arguments", arguments.isTextual() ? arguments.textValue() : arguments.toString());
        }
        if (type.equals("tool_search_output")) {
            ObjectNode output = JSON.objectNode();
            output.put("type", "function_call_output");
            output.set("call_id", item.path("call_id"));
            return output.put("output", item.path("tools").toString());
        }
        return type.equals("function_call") && spaced ? named((ObjectNode) item, Kind.FUNCTION) : item;
    }

    /** A copy with the name of the function that stands for the tool. */
    private ObjectNode named(ObjectNode call, Kind kind) {
        CallerTool tool = new CallerTool(
                kind, call.path("namespace").asText(), call.path("name").asText());
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
            case "custom" -> named(choice, Kind.CUSTOM).put("type", "function");
            case "function" -> named(choice, Kind.FUNCTION);
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
