package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * Searches bodies for texts, so that most requests are passed through without being read: a body that does not contain the name
 * of a member does not have that member.
 */
public final class ByteSearch {
    private ByteSearch() {}

    /** Whether the text occurs in the body. Members whose names are escaped are not found. */
    public static boolean mayBeIn(byte[] body, String text) {
        return anyMayBeIn(body, List.of(text));
    }

    /** Whether any of the texts does. */
    public static boolean anyMayBeIn(byte[] body, List<String> texts) {
        // One character for each byte: the search in such strings is the fastest that there is.
        String bytes = new String(body, ISO_8859_1);
        for (String text : texts) {
            if (bytes.contains(new String(text.getBytes(UTF_8), ISO_8859_1))) {
                return true;
            }
        }
        return false;
    }
}
