package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;

/**
 * A tool's arguments, which Bedrock wants as an object and not as its text.
 *
 * @param json an object
 * @param broken whether the model wrote something else; the object holds it as a text then
 */
record ToolInput(String json, boolean broken) {

    static ToolInput of(String arguments) {
        if (arguments.isBlank()) {
            return new ToolInput("{}", false);
        }
        JsonNode tree = JsonTrees.of(arguments);
        if (tree.isObject()) {
            return new ToolInput(arguments, false);
        }
        return new ToolInput(
                JsonOut.text(json -> {
                    json.writeStartObject();
                    json.writeStringField("arguments", arguments);
                    json.writeEndObject();
                }),
                true);
    }
}
