package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.json.JsonTrees;

/**
 * The function that stands for a {@code custom} tool of OpenAI's where a dialect has functions only: its input, one text, is the
 * only parameter. A grammar of the input becomes a part of the description, since no other vendor enforces it.
 *
 * @see <a href="https://platform.openai.com/docs/guides/function-calling#custom-tools">OpenAI: custom tools</a>
 */
public final class TextTool {
    private static final String INPUT = "input";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private TextTool() {}

    /**
     * The function's members {@code name}, {@code description} and {@code parameters}.
     *
     * @param grammar an object with {@code syntax} and {@code definition}; a missing node if there is none
     */
    public static ObjectNode function(String name, String description, JsonNode grammar) {
        ObjectNode function = JSON.objectNode();
        function.put("name", name);
        JsonNode definition = grammar.path("definition");
        function.put(
                "description",
                definition.isTextual()
                        ? description + "\n\nThe input has this grammar ("
                                + grammar.path("syntax").asText("text") + "):\n" + definition.textValue()
                        : description);
        ObjectNode schema = function.putObject("parameters");
        schema.put("type", "object");
        ObjectNode input = schema.putObject("properties").putObject(INPUT);
        input.put("type", "string");
        input.put("description", "The whole input of the tool, as one text.");
        schema.putArray("required").add(INPUT);
        schema.put("additionalProperties", false);
        return function;
    }

    /** The arguments of the function for an input of the tool. */
    public static String arguments(String input) {
        return JSON.objectNode().put(INPUT, input).toString();
    }

    /** The input in a call of the function: the one text in the arguments, or the arguments as they are if a model wrote something else. */
    public static String inputIn(String arguments) {
        JsonNode input = JsonTrees.of(arguments.isEmpty() ? "{}" : arguments).path(INPUT);
        return input.isTextual() ? input.textValue() : arguments;
    }
}
