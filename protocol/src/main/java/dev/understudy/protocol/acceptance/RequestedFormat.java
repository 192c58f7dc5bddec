package dev.understudy.protocol.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import java.util.Optional;

/**
 * The {@code response_format} of a request: what its answer's content is to be.
 *
 * @param json whether it is to be JSON
 * @param object whether it is to be a JSON object, as {@code json_object} promises
 * @param schema the schema that it is to meet
 */
record RequestedFormat(boolean json, boolean object, Optional<JsonNode> schema) {
    private static final RequestedFormat FREE = new RequestedFormat(false, false, Optional.empty());

    /** @throws CheckTooExpensive if it is too long to be read */
    static RequestedFormat of(Members members, CheckBudget budget) {
        int index = members.indexOf("response_format");
        if (index < 0) {
            return FREE;
        }
        budget.admitSchema(members.json(index).length());
        JsonNode format = JsonTrees.approximate(members.json(index));
        return switch (format.path("type").asText("")) {
            case "json_object" -> new RequestedFormat(true, true, Optional.empty());
            case "json_schema" -> {
                JsonNode schema = format.path("json_schema").path("schema");
                yield new RequestedFormat(true, false, schema.isMissingNode() ? Optional.empty() : Optional.of(schema));
            }
            default -> FREE;
        };
    }

    /**
     * Why a text does not meet the format, in a short sentence that repeats nothing of it; empty if it does. That it is JSON is
     * checked first, the schema afterwards.
     *
     * @throws CheckTooExpensive if that cannot be found out within the budget
     */
    Optional<String> unmetBy(String text, CheckBudget budget) {
        if (!json) {
            return Optional.empty();
        }
        budget.admitTree(text);
        JsonNode content = JsonTrees.approximate(text);
        if (content.isMissingNode()) {
            return Optional.of("The answer is not JSON");
        }
        if (object && !content.isObject()) {
            return Optional.of("The answer is not a JSON object");
        }
        return schema.flatMap(given -> AnswerSchema.of(given, budget))
                .flatMap(rules -> rules.brokenBy(content))
                .map(keyword -> "The answer does not match the schema: " + keyword);
    }
}
