package dev.understudy.protocol.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the model names from a provider's list of models: OpenAI's and Anthropic's {@code data}, Google's {@code models}. */
public final class ModelListing {
    /** OpenRouter lists some hundreds; a longer list is cut. */
    private static final int MOST = 2_000;

    private static final int LONGEST_NAME = 256;
    private static final String PREFIX = "models/";

    private ModelListing() {}

    /** The names in a response, in its order; none if it is not such a list. */
    public static List<String> names(byte[] response) {
        JsonNode list = JsonTrees.approximate(response, 0, response.length);
        Set<String> names = new LinkedHashSet<>();
        // Together answers with the list itself.
        for (JsonNode entries : List.of(list.path("data"), list.path("models"), list)) {
            for (JsonNode entry : entries) {
                String name = entry.path("id").asText(entry.path("name").asText(""));
                String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
                if (names.size() < MOST && isUsable(bare)) {
                    names.add(bare);
                }
            }
        }
        return List.copyOf(new ArrayList<>(names));
    }

    /** Names are shown to callers and written into addresses. */
    private static boolean isUsable(String name) {
        return !name.isBlank() && name.length() <= LONGEST_NAME && name.chars().noneMatch(c -> c <= ' ' || c == 0x7F);
    }
}
