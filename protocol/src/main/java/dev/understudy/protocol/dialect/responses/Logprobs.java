package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;

/**
 * Probabilities of tokens: a list here, and the same list as {@code content} of an object in Chat Completions and in the
 * neutral form.
 */
final class Logprobs {

    private Logprobs() {}

    /** The neutral form of a list as it stands in an answer; empty if it is. */
    static String ofList(String list) {
        String items = items(list);
        return items.isEmpty() ? "" : "{\"content\":[" + items + "],\"refusal\":null}";
    }

    /** What is between the brackets; empty if it is no list. */
    static String items(String list) {
        String trimmed = list.strip();
        return trimmed.startsWith("[")
                ? trimmed.substring(1, trimmed.length() - 1).strip()
                : "";
    }

    /** What is between the brackets of the list in the neutral form. */
    static String itemsOf(String neutral) {
        if (neutral.isEmpty()) {
            return "";
        }
        JsonNode content = JsonTrees.of(neutral).path("content");
        return content.isArray() ? items(content.toString()) : items(neutral);
    }
}
