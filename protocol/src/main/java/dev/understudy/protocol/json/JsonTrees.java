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

/** JSON as trees, where it is translated and has to be looked at as a whole. Numbers keep their value exactly. */
public final class JsonTrees {
    /** Images and documents travel as one string; how large a body may be is decided before it comes here. */
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

    private JsonTrees() {}

    /**
     * Reads a body whose form was checked before.
     *
     * @throws BadRequest if it is no JSON all the same, or has a number beyond all reason
     */
    public static JsonNode read(byte[] body) throws BadRequest {
        try {
            return JSON.readTree(body);
        } catch (IOException notJson) {
            throw BadRequest.notJson(
                    "The request body cannot be read as JSON: it is invalid, or contains a number that is too large.");
        }
    }

    /** Reads a piece of JSON that was cut out of a body; a missing node if it is none. */
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
}
