package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.TextTool;
import dev.understudy.protocol.json.ByteSearch;
import dev.understudy.protocol.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The {@code custom} tools of a caller of Chat Completions, at targets of other dialects: each is a function with one text ({@link
 * TextTool}) under the same name, in definitions, choices and calls, and a call of such a function is a call of the tool.
 */
final class CustomTools {
    private static final String CUSTOM = "custom";

    /** The names of the caller's custom tools. */
    private final Set<String> names = new HashSet<>(0);

    private CustomTools() {}

    /** The custom tools of the request that is answered. */
    static CustomTools of(RequestContext context) {
        CustomTools tools = new CustomTools();
        if (ByteSearch.mayBeIn(context.body(), "\"custom\"")) {
            JsonTrees.of(new String(context.body(), StandardCharsets.UTF_8))
                    .path("tools")
                    .forEach(tool -> {
                        if (isCustom(tool)) {
                            tools.names.add(tool.path(CUSTOM).path("name").asText());
                        }
                    });
        }
        return tools;
    }

    boolean has(String function) {
        return names.contains(function);
    }

    /** A call of a custom tool, with the arguments of the function that stands for it. */
    static ObjectNode call(String id, String name, String arguments) {
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        call.put("id", id).put("type", CUSTOM);
        call.putObject(CUSTOM).put("name", name).put("input", TextTool.inputIn(arguments));
        return call;
    }

    /** The request, an object, with functions in place of custom tools and of their calls. */
    static JsonNode portable(JsonNode body) {
        ObjectNode portable = body.deepCopy();
        replaceIn(portable.path("tools"));
        portable.path("messages").forEach(message -> replaceIn(message.path("tool_calls")));
        replaceIn(portable.path("tool_choice").path("allowed_tools").path("tools"));
        if (isCustom(portable.path("tool_choice"))) {
            portable.set("tool_choice", function((ObjectNode) portable.path("tool_choice")));
        }
        return portable;
    }

    private static void replaceIn(JsonNode list) {
        if (list instanceof ArrayNode items) {
            for (int i = 0; i < items.size(); i++) {
                if (isCustom(items.get(i))) {
                    items.set(i, function((ObjectNode) items.get(i)));
                }
            }
        }
    }

    private static boolean isCustom(JsonNode node) {
        return node.path("type").asText().equals(CUSTOM) && node.path(CUSTOM).isObject();
    }

    /** A definition, a call or a choice: they differ in what they have beside the name. */
    private static ObjectNode function(ObjectNode custom) {
        JsonNode tool = custom.path(CUSTOM);
        ObjectNode function = custom.deepCopy();
        function.remove(CUSTOM);
        function.put("type", "function");
        String name = tool.path("name").asText();
        if (tool.has("input")) {
            function.putObject("function")
                    .put("name", name)
                    .put("arguments", TextTool.arguments(tool.path("input").asText()));
        } else {
            function.set(
                    "function",
                    TextTool.function(
                            name,
                            tool.path("description").asText(),
                            tool.path("format").path("grammar")));
        }
        return function;
    }
}
