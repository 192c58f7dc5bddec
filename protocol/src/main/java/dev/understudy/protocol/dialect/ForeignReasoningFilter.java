package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * Thoughts that a caller was given in its own language, but that another vendor's model had. They come back with the
 * conversation, and may by then go to a target of the caller's language, whose vendor takes only what it sealed itself.
 */
public final class ForeignReasoningFilter {
    private ForeignReasoningFilter() {}

    /** Whether the text stands somewhere in the body: a quick look, so that other bodies need not be read. */
    public static boolean mayBeIn(byte[] body, String text) {
        byte[] sought = text.getBytes(UTF_8);
        for (int i = 0; i <= body.length - sought.length; i++) {
            int same = 0;
            while (same < sought.length && body[i + same] == sought[same]) {
                same++;
            }
            if (same == sought.length) {
                return true;
            }
        }
        return false;
    }

    /**
     * The body without them; the same array if there are none.
     *
     * @param list of the turns
     * @param isOne tells them among the turns, and among what a turn's {@code content} lists
     */
    public static byte[] without(byte[] body, String list, Predicate<JsonNode> isOne) {
        JsonNode tree;
        try {
            tree = JsonTrees.read(body);
        } catch (BadRequest notJson) {
            // The provider says what is wrong with it.
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
