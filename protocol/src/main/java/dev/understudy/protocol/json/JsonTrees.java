package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON as trees: bodies that are translated, answers that are checked, and small values that are written back. Elsewhere
 * JSON is scanned.
 *
 * <p>Numbers keep their exact value unless a method says otherwise.
 */
public final class JsonTrees {
    /** Images and documents are one string each; the size of a body is limited before. */
    private static final int LONGEST_STRING = Integer.MAX_VALUE;

    private static final ObjectMapper JSON = JsonMapper.builder(new JsonFactoryBuilder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /**
     * For answers, whose numbers have no bounds: a schema is checked by calculating, and {@code 1e999999999} as an exact decimal
     * would take all memory.
     */
    private static final ObjectMapper APPROXIMATE = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Fallback options and events are flat; anything deeper is a mistake or an attack on the stack. */
    private static final int DEEPEST = 64;

    /** Fallback options are short; the longest of them are prompts in the overrides of a target. In bytes. */
    private static final int LARGEST_OPTION = 1 << 20;

    /**
     * Each value of a tree takes about a hundred bytes, also one that is two bytes of JSON. 64 targets with 100 tools each
     * have fewer values.
     */
    private static final int MOST_VALUES = 50_000;

    private JsonTrees() {}

    /**
     * Reads a body whose form was checked before.
     *
     * @throws BadRequest if it is not JSON after all, or has a number that is too large
     */
    public static JsonNode read(byte[] body) throws BadRequest {
        try {
            return JSON.readTree(body);
        } catch (IOException notJson) {
            throw BadRequest.notJson(
                    "The request body cannot be read as JSON: it is invalid, or contains a number that is too large.");
        }
    }

    /**
     * Reads a small value that may be written back: by our own scanner, with each number as a {@link SpelledNumber}. Of members
     * of the same name the last one counts.
     *
     * @param what its name in an error message
     * @throws BadRequest if it is not JSON, or is nested too deep
     */
    public static JsonNode scanned(String what, byte[] json) throws BadRequest {
        return new TreeScan(what, "", json, 0, json.length, Integer.MAX_VALUE).tree();
    }

    /**
     * Reads the value of a member of a request in the same way. Its size is limited before there is a tree, since a tree takes
     * many times the memory of its text.
     *
     * @param name the member's name
     * @throws BadRequest if the value has more than 1 MiB or more than 50,000 values, or is nested too deep
     */
    public static JsonNode option(String name, byte[] body, int from, int to) throws BadRequest {
        String shown = BadRequest.shown(name);
        if (to - from > LARGEST_OPTION) {
            throw BadRequest.invalid(
                    shown,
                    "'" + shown + "' has " + (to - from) + " bytes; at most " + LARGEST_OPTION
                            + " are accepted. Send a shorter one.");
        }
        return new TreeScan("'" + shown + "'", shown, body, from, to, MOST_VALUES).tree();
    }

    /** Builds a tree from the tokens of the scanner. */
    private static final class TreeScan {
        private final String what;
        private final String field;
        private final byte[] json;
        private final JsonCursor cursor;
        private final int mostValues;
        private int values;

        TreeScan(String what, String field, byte[] json, int from, int to, int mostValues) {
            this.what = what;
            this.field = field;
            this.json = json;
            this.cursor = new JsonCursor(DEEPEST).over(json, from, to);
            this.mostValues = mostValues;
        }

        JsonNode tree() throws BadRequest {
            if (cursor.isAtEnd()) {
                throw BadRequest.notJson(what + " is empty. Send JSON.");
            }
            try {
                JsonNode value = value(cursor.next());
                if (!cursor.isAtEnd()) {
                    throw BadRequest.notJson(what + " continues after the end of its value. Send one value only.");
                }
                return value;
            } catch (MalformedJson malformed) {
                throw malformed.fault() == JsonFault.TOO_DEEP
                        ? BadRequest.notJson(
                                what + " is nested more than " + DEEPEST + " levels deep. Send a flatter one.")
                        : malformed.asBadRequest(what);
            }
        }

        private JsonNode value(Token token) throws MalformedJson, BadRequest {
            if (++values > mostValues) {
                throw BadRequest.invalid(field, what + " has more than " + mostValues + " values. Send a shorter one.");
            }
            JsonNodeFactory nodes = JsonNodeFactory.instance;
            return switch (token) {
                case STRING -> nodes.textNode(cursor.string().decoded());
                case NUMBER ->
                    new SpelledNumber(
                            new String(json, cursor.start(), cursor.end() - cursor.start(), StandardCharsets.US_ASCII));
                case TRUE -> nodes.booleanNode(true);
                case FALSE -> nodes.booleanNode(false);
                case NULL -> nodes.nullNode();
                case START_OBJECT -> {
                    ObjectNode members = nodes.objectNode();
                    while (cursor.next() == Token.NAME) {
                        String name = cursor.string().decoded();
                        members.set(name, value(cursor.next()));
                    }
                    yield members;
                }
                case START_ARRAY -> {
                    ArrayNode items = nodes.arrayNode();
                    for (Token next = cursor.next(); next != Token.END_ARRAY; next = cursor.next()) {
                        items.add(value(next));
                    }
                    yield items;
                }
                case END_OBJECT, END_ARRAY, NAME -> throw new IllegalStateException("no value begins with " + token);
            };
        }
    }

    /** Reads a piece of JSON from a body; a missing node if it is not JSON. */
    public static JsonNode of(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }

    /** An object without members. */
    public static JsonNode emptyObject() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Reads an answer, or JSON in one, with decimals as doubles; a missing node if it is not JSON. */
    public static JsonNode approximate(String json) {
        try {
            return APPROXIMATE.readTree(json);
        } catch (JsonProcessingException notJson) {
            // Its message may quote the content, so it is not passed on.
            return MissingNode.getInstance();
        }
    }

    /** The same, of UTF-8 bytes. */
    public static JsonNode approximate(byte[] json, int offset, int length) {
        return approximate(new String(json, offset, length, StandardCharsets.UTF_8));
    }
}
