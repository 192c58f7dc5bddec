package dev.understudy.protocol.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What the text of the answer must be. */
public sealed interface ResponseFormat {

    /** Anything. */
    record Text() implements ResponseFormat {}

    /** Some JSON object. */
    record Json() implements ResponseFormat {}

    /**
     * JSON that meets a schema.
     *
     * @param name empty if it has none
     * @param strict whether it must be met exactly; empty if the caller did not say
     */
    record Schema(String name, String description, JsonNode schema, Optional<Boolean> strict)
            implements ResponseFormat {}
}
