package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.understudy.protocol.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Names the target's model in a request for embeddings: Google's clients repeat the model of the path in the body, for each
 * content of a batch, and Google refuses a request whose names differ.
 *
 * @see <a href="https://ai.google.dev/api/embeddings">Gemini API: embeddings</a>
 */
public final class EmbeddingRequest {
    private static final JsonFactory JSON = new JsonFactory();

    private EmbeddingRequest() {}

    /**
     * The request with the model's name wherever it names one; every other byte stays as it is.
     *
     * @param model as the provider calls it
     */
    public static byte[] named(byte[] body, String model) {
        byte[] name =
                JsonOut.quote("models/" + model.replaceFirst("^models/", "")).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream written = new ByteArrayOutputStream(body.length + name.length);
        int copied = 0;
        try (JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && isModel(json)) {
                    json.finishToken();
                    int from = (int) json.currentTokenLocation().getByteOffset();
                    int to = (int) json.currentLocation().getByteOffset();
                    written.write(body, copied, from - copied);
                    written.writeBytes(name);
                    copied = to;
                }
            }
        } catch (IOException malformed) {
            // The body was read before; the provider says what is wrong with it.
            return body;
        }
        written.write(body, copied, body.length - copied);
        return written.toByteArray();
    }

    /** At the top, or of an item of {@code requests}. */
    private static boolean isModel(JsonParser json) throws IOException {
        if (!"model".equals(json.currentName())) {
            return false;
        }
        int depth = 0;
        for (var context = json.getParsingContext();
                context != null && !context.inRoot();
                context = context.getParent()) {
            depth++;
        }
        return depth == 1 || (depth == 3 && json.getParsingContext().getParent().inArray());
    }
}
