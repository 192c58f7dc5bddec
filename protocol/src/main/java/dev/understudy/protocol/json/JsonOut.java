package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes JSON piece by piece, as UTF-8.
 *
 * <p>Half a surrogate pair has no UTF-8, but providers send such: an emoji may come in two halves in two events. It goes
 * on as an escape, as it came.
 */
public final class JsonOut {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonOut() {}

    /** Says what is to be written. */
    @FunctionalInterface
    public interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** What was written. */
    public static byte[] bytes(Content content) {
        return text(content).getBytes(StandardCharsets.UTF_8);
    }

    /** Appends it to what is there. */
    public static void append(ByteArrayOutputStream to, Content content) {
        to.writeBytes(bytes(content));
    }

    /** What was written, as text of which every character has a UTF-8 form. */
    public static String text(Content content) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            content.writeTo(json);
        } catch (IOException impossible) {
            // The target is memory.
            throw new UncheckedIOException(impossible);
        }
        return JsonText.withoutHalves(text.toString());
    }
}
