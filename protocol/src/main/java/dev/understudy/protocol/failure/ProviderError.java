package dev.understudy.protocol.failure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice;
import dev.understudy.protocol.json.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Keeps what a provider's error says for callers of the same dialect, such as Groq's {@code failed_generation}, Anthropic's
 * {@code request_id} and Google's {@code details}.
 *
 * <p>Where the caller gets the provider's own status, the body is the provider's, byte for byte, with additions: the attempts,
 * the members that the gateway's errors have and this one lacks, and what the gateway's message has behind the provider's. Where
 * the status is another one, or a text contains what looks like a key, the body is the gateway's with the further members of
 * the provider's.
 */
public final class ProviderError {
    private static final String ERROR = "error";
    private static final String MESSAGE = "message";

    /** Errors are small; a longer one is not parsed. */
    private static final int LARGEST = 64 * 1024;

    /** Members of an error are nested two or three levels deep; what is deeper is left out. */
    private static final int DEEPEST = 8;

    private static final BodyLimits LIMITS = new BodyLimits(LARGEST, 64);

    private ProviderError() {}

    /**
     * The provider's error with the gateway's additions.
     *
     * @param written the error as the gateway writes it: a JSON object, or a list of one
     * @param ofProvider the body of the provider's response, in the same dialect
     */
    public static byte[] completed(byte[] written, byte[] ofProvider) {
        if (ofProvider.length == 0 || ofProvider.length > LARGEST) {
            return written;
        }
        if (written.length > 1 && written[0] == '[') {
            byte[] inner = completed(Arrays.copyOfRange(written, 1, written.length - 1), ofProvider);
            return ("[" + new String(inner, StandardCharsets.UTF_8) + "]").getBytes(StandardCharsets.UTF_8);
        }
        try {
            Members own = Members.scan(written, LIMITS);
            Members provider = Members.scan(ofProvider, LIMITS);
            boolean nested = isObject(own, ERROR);
            if (nested == isObject(provider, ERROR) && isClean(ofProvider) && hasShape(own, provider)) {
                return completed(own, provider);
            }
        } catch (BadRequest noObject) {
            return addedTo(written, ofProvider);
        }
        return addedTo(written, ofProvider);
    }

    /** Whether the provider's error has the members of its dialect, so that typed clients find what they expect. */
    private static boolean hasShape(Members own, Members provider) throws BadRequest {
        for (int i = 0; i < own.size(); i++) {
            String name = own.name(i);
            int theirs = provider.indexOf(name);
            boolean added = name.equals("attempts") || name.equals("__type");
            if (!added && (theirs < 0 || (own.kind(i) != ValueKind.NULL && own.kind(i) != provider.kind(theirs)))) {
                return false;
            }
            if (name.equals(ERROR) && isObject(own, ERROR) && !hasShape(inner(own, i), inner(provider, theirs))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isObject(Members members, String name) {
        int index = members.indexOf(name);
        return index >= 0 && members.kind(index) == ValueKind.OBJECT;
    }

    private static byte[] completed(Members own, Members provider) throws BadRequest {
        List<Splice.Edit> edits = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            String name = own.name(i);
            int theirs = provider.indexOf(name);
            if (theirs < 0) {
                edits.add(new Splice.Edit(name, own.json(i)));
            } else if (name.equals(ERROR) && isObject(own, ERROR)) {
                byte[] inner = completed(inner(own, i), inner(provider, theirs));
                edits.add(new Splice.Edit(name, new String(inner, StandardCharsets.UTF_8)));
            } else if (name.equals(MESSAGE) && provider.kind(theirs) == ValueKind.STRING) {
                String message = provider.string(theirs);
                String shown = ErrorTextSanitizer.clean(message);
                String whole = own.string(i);
                if (whole.length() > shown.length() && whole.startsWith(shown)) {
                    edits.add(Splice.Edit.ofString(MESSAGE, message + whole.substring(shown.length())));
                }
            }
        }
        return Splice.without(none -> false, provider).apply(edits);
    }

    private static Members inner(Members members, int index) throws BadRequest {
        return Members.scan(
                Arrays.copyOfRange(members.body(), members.valueStart(index), members.valueEnd(index)), LIMITS);
    }

    /** Whether no text looks like a key. Some providers repeat a part of a key that they refuse. */
    private static boolean isClean(byte[] body) {
        return ErrorTextSanitizer.isClean(new String(body, StandardCharsets.UTF_8))
                && isClean(JsonTrees.approximate(body, 0, body.length));
    }

    private static boolean isClean(JsonNode value) {
        return value.isTextual()
                ? ErrorTextSanitizer.isClean(value.textValue())
                : value.valueStream().allMatch(ProviderError::isClean);
    }

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
