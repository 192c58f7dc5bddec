package dev.understudy.protocol.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;

/** Reads JSON as trees, strictly; what cannot be read is a {@link MissingNode}. */
final class Trees {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Trees() {}

    static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException notJson) {
            // That is an answer to the question; its message may quote the content, and is not passed on.
            return MissingNode.getInstance();
        }
    }

    static JsonNode read(byte[] array, int offset, int length) {
        return read(new String(array, offset, length, StandardCharsets.UTF_8));
    }
}
