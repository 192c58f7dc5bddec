package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * Removes reasoning of other vendors' models from pass-through requests. A caller that was served by a fallback has
 * received it in its own dialect and sends it back with the conversation; the vendor of that dialect accepts only its
 * own.
 */
public final class ForeignReasoningFilter {
    private ForeignReasoningFilter() {}

    /**
     * The body without reasoning of other vendors; the same array if there is none.
     *
     * @param list the member with the turns
     * @param isOne recognizes it among the turns, and among the items of a turn's {@code content}
     */
    public static byte[] without(byte[] body, String list, Predicate<JsonNode> isOne) {
        JsonNode tree;
        try {
            tree = JsonTrees.read(body);
        } catch (BadRequest notJson) {
            // The provider reports what is wrong with it.
            return body;
        }
        boolean found = false;
        Iterator<JsonNode> turns = tree.path(list).iterator();
        while (turns.hasNext()) {
            JsonNode turn = turns.next();
            boolean inside = removeFrom(turn.path("content"), isOne);
            if (isOne.test(turn) || (inside && turn.path("content").isEmpty())) {
                turns.remove();
                found = true;
            }
            found |= inside;
        }
        return found ? tree.toString().getBytes(UTF_8) : body;
    }

    private static boolean removeFrom(JsonNode content, Predicate<JsonNode> isOne) {
        boolean found = false;
        if (content.isArray()) {
            Iterator<JsonNode> parts = content.iterator();
            while (parts.hasNext()) {
                if (isOne.test(parts.next())) {
                    parts.remove();
                    found = true;
                }
            }
        }
        return found;
    }
}
