package dev.understudy.protocol.acceptance;

import com.fasterxml.jackson.databind.JsonNode;

/** One call of a tool, whose arguments may come in pieces. */
final class AssembledToolCall {
    private final StringBuilder arguments = new StringBuilder();
    private String name = "";
    private boolean custom;

    void take(JsonNode call) {
        function(call.path("function"));
        if (call.path("custom").isObject()) {
            custom = true;
            named(call.path("custom"));
        }
    }

    void function(JsonNode function) {
        named(function);
        JsonNode given = function.path("arguments");
        // Some local servers send the object itself.
        arguments.append(given.isObject() ? given.toString() : given.asText(""));
    }

    private void named(JsonNode tool) {
        if (name.isEmpty()) {
            name = tool.path("name").asText("");
        }
    }

    String name() {
        return name;
    }

    /** Whether the arguments are what they must be; those of a custom tool are free text. */
    boolean argumentsAreAnObject() {
        return custom || Trees.read(arguments.toString()).isObject();
    }
}
