package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON as trees, for bodies that are translated and answers that are checked. Elsewhere JSON is scanned.
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
