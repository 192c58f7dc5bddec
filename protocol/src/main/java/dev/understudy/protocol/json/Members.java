package dev.understudy.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The top-level members of a JSON object, in order, each with the exact place of its name and its value in the bytes.
 *
 * <p>Only the names are decoded; a value is decoded when a method returns it. A request therefore costs a single read of its
 * bytes, however long the prompt is, and every byte can be forwarded unchanged.
 *
 * <p>The body is shared, not copied; it must not be changed afterwards.
 */
public final class Members {
    private final byte[] body;
    private final int textStart;
    private final int braceAt;
    private final int size;
    private final String[] names;
    private final int[] places;
    private final ValueKind[] kinds;

    Members(byte[] body, int textStart, int braceAt, int size, String[] names, int[] places, ValueKind[] kinds) {
        this.body = body;
        this.textStart = textStart;
        this.braceAt = braceAt;
        this.size = size;
        this.names = names;
        this.places = places;
        this.kinds = kinds;
    }

    /**
     * Reads a whole body.
     *
     * @throws BadRequest if it is larger than the limits, or is not one JSON object
     */
    public static Members scan(byte[] body, BodyLimits limits) throws BadRequest {
        return new BodyScan(body, limits).members();
    }

    /** How many members there are. */
    public int size() {
        return size;
    }

    /** The name of member {@code index}, with its escapes resolved. */
    public String name(int index) {
        return names[index];
    }

    /** What member {@code index} holds. */
    public ValueKind kind(int index) {
        return kinds[index];
    }

    /** The offset of the opening quote of the name. */
    public int nameStart(int index) {
        return places[index * 3];
    }

    /** The offset of the value's first byte. */
    public int valueStart(int index) {
        return places[index * 3 + 1];
    }

    /** The offset after the value's last byte. */
    public int valueEnd(int index) {
        return places[index * 3 + 2];
    }

    /** The first member of that name; -1 if there is none. */
    public int indexOf(String name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The value's bytes as text, exactly as they came. */
    public String json(int index) {
        return new String(body, valueStart(index), valueEnd(index) - valueStart(index), StandardCharsets.UTF_8);
    }

    /** A value that is a string, decoded. */
    public String string(int index) throws BadRequest {
        int from = valueStart(index) + 1;
        int to = valueEnd(index) - 1;
        for (int i = from; i < to; i++) {
            if (body[i] == '\\') {
                return decoded(index);
            }
        }
        return new String(body, from, to - from, StandardCharsets.UTF_8);
    }

    /** The first member of that name, if it is a string. */
    public Optional<String> text(String name) throws BadRequest {
        int index = indexOf(name);
        return index < 0 || kind(index) != ValueKind.STRING ? Optional.empty() : Optional.of(string(index));
    }

    private String decoded(int index) throws BadRequest {
        JsonCursor cursor = new JsonCursor(1).over(body, valueStart(index), valueEnd(index));
        try {
            return cursor.next() == Token.STRING ? cursor.string().decoded() : "";
        } catch (MalformedJson changedSince) {
            throw changedSince.asBadRequest("'" + BadRequest.shown(names[index]) + "'");
        }
    }

    /**
     * The value of member {@code index} as a tree, with each number as a {@link SpelledNumber}; for options.
     *
     * @throws BadRequest if it is too large or nested too deep for one
     */
    public JsonNode value(int index) throws BadRequest {
        return JsonTrees.option(names[index], body, valueStart(index), valueEnd(index));
    }

    /** The bytes from which the members were read. */
    public byte[] body() {
        return body;
    }

    /** The offset after a byte order mark, if there is one. */
    int textStart() {
        return textStart;
    }

    /** The offset of the opening brace. */
    int braceAt() {
        return braceAt;
    }

    @Override
    public String toString() {
        return "Members" + Arrays.toString(Arrays.copyOf(names, size));
    }

    /**
     * Scans a body once: finds its members and refuses everything but a JSON object.
     *
     * <p><b>Byte order mark.</b> One at the start is ignored (RFC 8259, 8.1 allows that) and is not forwarded.
     */
    private static final class BodyScan {
        private static final int USUAL_MEMBERS = 16;

        /** Common names, for which one string serves all requests. Other names are accepted as well. */
        private static final NameTable USUAL_NAMES = NameTable.of(
                "model",
                "messages",
                "stream",
                "stream_options",
                "temperature",
                "top_p",
                "n",
                "stop",
                "seed",
                "user",
                "store",
                "metadata",
                "max_tokens",
                "max_completion_tokens",
                "presence_penalty",
                "frequency_penalty",
                "logprobs",
                "top_logprobs",
                "logit_bias",
                "tools",
                "tool_choice",
                "parallel_tool_calls",
                "functions",
                "function_call",
                "response_format",
                "reasoning_effort",
                "service_tier",
                "prompt_cache_key",
                "models",
                "route",
                "provider",
                "fallbacks",
                "fallback_models",
                "understudy");

        private final byte[] body;
        private final BodyLimits limits;
        private final JsonCursor cursor;
        private String[] names = new String[USUAL_MEMBERS];
        private int[] places = new int[USUAL_MEMBERS * 3];
        private ValueKind[] kinds = new ValueKind[USUAL_MEMBERS];
        private int size;

        BodyScan(byte[] body, BodyLimits limits) {
            this.body = body;
            this.limits = limits;
            this.cursor = new JsonCursor(limits.depth());
        }

        Members members() throws BadRequest {
            if (body.length > limits.bytes()) {
                throw BadRequest.tooLarge(body.length, limits.bytes());
            }
            cursor.over(body, 0, body.length);
            try {
                return object();
            } catch (MalformedJson malformed) {
                throw refusal(malformed);
            }
        }

        private Members object() throws MalformedJson, BadRequest {
            if (cursor.isAtEnd()) {
                throw BadRequest.notJson("The request body is empty. Send a JSON object.");
            }
            Token first = cursor.next();
            if (first != Token.START_OBJECT) {
                throw BadRequest.notJson("The request body must be a JSON object, not "
                        + ValueKind.beginningWith(first).described() + ". Send {\"model\": …, \"messages\": […]}.");
            }
            int braceAt = cursor.start();
            while (cursor.next() == Token.NAME) {
                member();
            }
            if (!cursor.isAtEnd()) {
                throw new MalformedJson(JsonFault.GOES_ON, cursor.offset());
            }
            return new Members(body, cursor.textStart(), braceAt, size, names, places, kinds);
        }

        private void member() throws MalformedJson {
            makeRoom();
            String usual = cursor.string().among(USUAL_NAMES);
            names[size] = usual.isEmpty() ? cursor.string().decoded() : usual;
            places[size * 3] = cursor.start();
            kinds[size] = ValueKind.beginningWith(cursor.next());
            places[size * 3 + 1] = cursor.start();
            cursor.skipRest();
            places[size * 3 + 2] = cursor.end();
            size++;
        }

        private void makeRoom() {
            if (size == names.length) {
                names = Arrays.copyOf(names, size * 2);
                kinds = Arrays.copyOf(kinds, size * 2);
                places = Arrays.copyOf(places, size * 6);
            }
        }

        /** Bytes that are not UTF-8 are reported first, wherever they are: a body in UTF-16 has many other faults. */
        private BadRequest refusal(MalformedJson malformed) {
            int notUtf8 = Utf8.firstFault(body, cursor.textStart());
            if (notUtf8 >= 0) {
                return BadRequest.notJson("The request body is not UTF-8 at byte " + notUtf8 + ". Send JSON in UTF-8.");
            }
            return switch (malformed.fault()) {
                case TOO_DEEP ->
                    BadRequest.notJson("The request body is nested more than " + limits.depth()
                            + " levels deep (at byte " + malformed.offset() + "). Send a flatter one.");
                case GOES_ON ->
                    BadRequest.notJson("The request body continues after the end of its JSON object (at byte "
                            + malformed.offset() + "). Send one object only.");
                default -> malformed.asBadRequest("The request body");
            };
        }
    }
}
