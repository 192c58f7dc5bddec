package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The writer of JSON: whole texts by a generator, trees, and single strings.
 *
 * <p>Half of a surrogate pair has no UTF-8 form, but providers send it: an emoji may arrive in two halves in two events. It
 * is written as an escape.
 */
public final class JsonOut {
    private static final JsonFactory JSON = new JsonFactory();

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonOut() {}

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** The content as UTF-8. */
    public static byte[] bytes(Content content) {
        return text(content).getBytes(StandardCharsets.UTF_8);
    }

    /** Appends the content as UTF-8. */
    public static void append(ByteArrayOutputStream to, Content content) {
        to.writeBytes(bytes(content));
    }

    /** The content as text in which every character has a UTF-8 form. */
    public static String text(Content content) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            content.writeTo(json);
        } catch (IOException impossible) {
            // The target is memory.
            throw new UncheckedIOException(impossible);
        }
        return withoutHalves(text.toString());
    }

    /** A tree as JSON without white space. */
    public static String text(JsonNode tree) {
        return withoutHalves(tree.toString());
    }

    /** The text in quotes, escaped where JSON requires it; a lone surrogate is escaped as well. */
    public static String quote(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        // The library's table of escapes, as in what a generator writes.
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        return withoutHalves(json.append('"').toString());
    }

    /** The JSON with escapes in place of lone surrogates, which occur only inside strings. */
    static String withoutHalves(String json) {
        int i = 0;
        while (i < json.length() && !(Character.isSurrogate(json.charAt(i)) && isLoneSurrogate(json, i))) {
            i++;
        }
        if (i == json.length()) {
            return json;
        }
        StringBuilder whole = new StringBuilder(json.length() + 16).append(json, 0, i);
        for (; i < json.length(); i++) {
            if (isLoneSurrogate(json, i)) {
                appendEscaped(whole, json.charAt(i));
            } else {
                whole.append(json.charAt(i));
            }
        }
        return whole.toString();
    }

    private static boolean isLoneSurrogate(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private static void appendEscaped(StringBuilder json, char c) {
        json.append("\\u")
                .append(HEX[c >> 12])
                .append(HEX[c >> 8 & 0xF])
                .append(HEX[c >> 4 & 0xF])
                .append(HEX[c & 0xF]);
    }
}
