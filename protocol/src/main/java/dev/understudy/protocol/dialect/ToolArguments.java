package dev.understudy.protocol.dialect;

import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;

/**
 * The arguments of a tool call, for dialects that take them as an object and not as its text.
 *
 * @param json an object
 * @param malformed whether the model wrote something else; the object then holds it as a string, so that nothing is lost
 */
public record ToolArguments(String json, boolean malformed) {

    /** @param arguments as the model wrote them; blank for none */
    public static ToolArguments of(String arguments) {
        if (arguments.isBlank()) {
            return new ToolArguments("{}", false);
        }
        return JsonTrees.of(arguments).isObject()
                ? new ToolArguments(arguments, false)
                : new ToolArguments("{\"arguments\":" + JsonOut.quote(arguments) + "}", true);
    }
}
