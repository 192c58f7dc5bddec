package dev.understudy.gateway.harm;

import dev.understudy.gateway.crossing.ClientDialect;
import java.util.ArrayList;
import java.util.List;

/** Requests in each caller's dialect. */
final class Question {
    private static final String PARAMETERS =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}";

    private Question() {}

    static String body(ClientDialect caller, String model, World world) {
        List<String> further = new ArrayList<>();
        if (world.form().tools()) {
            further.add(tools(caller));
        }
        if (world.form().reasoning()) {
            further.add(reasoning(caller));
        }
        return body(caller, model, world.stream(), further.toArray(String[]::new));
    }

    static String body(ClientDialect caller, String model, boolean stream, String... further) {
        return caller == ClientDialect.MESSAGES
                ? caller.bodyOf(
                        "\"max_tokens\":5000,\"messages\":[{\"role\":\"user\",\"content\":\"Count\"}]",
                        model,
                        stream,
                        further)
                : caller.body(model, stream, further);
    }

    static String tools(ClientDialect caller) {
        return switch (caller) {
            case CHAT ->
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":" + PARAMETERS
                        + "}}]";
            case RESPONSES ->
                "\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":" + PARAMETERS + "}]";
            case MESSAGES -> "\"tools\":[{\"name\":\"weather\",\"input_schema\":" + PARAMETERS + "}]";
            case GEMINI, GEMINI_ARRAY ->
                "\"tools\":[{\"functionDeclarations\":[{\"name\":\"weather\",\"parameters\":" + PARAMETERS + "}]}]";
            case CONVERSE ->
                "\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"weather\",\"inputSchema\":{\"json\":" + PARAMETERS
                        + "}}}]}";
        };
    }

    private static String reasoning(ClientDialect caller) {
        return switch (caller) {
            case CHAT -> "\"reasoning_effort\":\"high\"";
            case RESPONSES -> "\"reasoning\":{\"effort\":\"high\"}";
            case MESSAGES -> "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}";
            case GEMINI, GEMINI_ARRAY -> "\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":2048}}";
            case CONVERSE ->
                "\"additionalModelRequestFields\":{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}}";
        };
    }

    /** Asks for an object with items. */
    static String json(ClientDialect caller) {
        String schema = "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\","
                + "\"items\":{\"type\":\"string\"}}},\"required\":[\"items\"],\"additionalProperties\":false}";
        return switch (caller) {
            case CHAT -> "\"response_format\":{\"type\":\"json_object\"}";
            case RESPONSES -> "\"text\":{\"format\":{\"type\":\"json_object\"}}";
            case MESSAGES -> "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + schema + "}}";
            case GEMINI, GEMINI_ARRAY -> "\"generationConfig\":{\"responseMimeType\":\"application/json\"}";
            case CONVERSE ->
                "\"outputConfig\":{\"textFormat\":{\"type\":\"json_schema\",\"structure\":{\"jsonSchema\":"
                        + "{\"name\":\"items\",\"schema\":\"" + StreamFrames.escaped(schema) + "\"}}}}";
        };
    }
}
