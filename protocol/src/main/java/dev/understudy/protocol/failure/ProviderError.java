package dev.understudy.protocol.failure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Keeps what a provider's error has beyond the fields that all errors of a dialect have, such as Groq's {@code
 * failed_generation}, Anthropic's {@code request_id} and Google's {@code details}.
 */
public final class ProviderError {
    /** Errors are small; a longer one is not parsed. */
    private static final int LARGEST = 64 * 1024;

    /** Members of an error are nested two or three levels deep; what is deeper is left out. */
    private static final int DEEPEST = 8;

    private ProviderError() {}

    /**
     * The error with the members of the provider's own error that it lacks, at the top and inside {@code error}. Texts are
     * shown as everywhere: without credentials.
     *
     * @param error as the gateway writes it, a JSON object
     * @param ofProvider the body of the provider's response, in the same dialect; anything but a JSON object adds nothing
     */
    public static byte[] addedTo(byte[] error, byte[] ofProvider) {
        if (ofProvider.length == 0 || ofProvider.length > LARGEST) {
            return error;
        }
        JsonNode added = JsonTrees.approximate(ofProvider, 0, ofProvider.length);
        JsonNode own = JsonTrees.approximate(error, 0, error.length);
        if (!(added instanceof ObjectNode provider) || !(own instanceof ObjectNode written)) {
            return error;
        }
        boolean changed = add(written, provider);
        if (written.get("error") instanceof ObjectNode inner && provider.get("error") instanceof ObjectNode theirs) {
            changed |= add(inner, theirs);
        }
        return changed
                ? JsonOut.text(json -> json.writeRaw(written.toString())).getBytes(StandardCharsets.UTF_8)
                : error;
    }

    private static boolean add(ObjectNode to, ObjectNode from) {
        boolean changed = false;
        for (Map.Entry<String, JsonNode> member : from.properties()) {
            if (!to.has(member.getKey())) {
                to.set(SecretsInUse.redact(member.getKey()), shown(member.getValue(), DEEPEST));
                changed = true;
            }
        }
        return changed;
    }

    private static JsonNode shown(JsonNode value, int deepest) {
        if (value.isTextual()) {
            return JsonNodeFactory.instance.textNode(ErrorTextSanitizer.clean(value.textValue()));
        }
        if (!value.isContainerNode()) {
            return value;
        }
        if (deepest == 0) {
            return JsonNodeFactory.instance.nullNode();
        }
        if (value.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            value.properties()
                    .forEach(member ->
                            copy.set(SecretsInUse.redact(member.getKey()), shown(member.getValue(), deepest - 1)));
            return copy;
        }
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        value.forEach(item -> copy.add(shown(item, deepest - 1)));
        return copy;
    }
}
