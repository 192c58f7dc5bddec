package dev.understudy.protocol.neutral;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The format of the answer's text. */
public sealed interface ResponseFormat {

    /** Any text. */
    record Text() implements ResponseFormat {}

    /** Any JSON object. */
    record Json() implements ResponseFormat {}

    /**
     * JSON that meets a schema.
     *
     * @param name empty if it has none
     * @param strict whether it must be met exactly; empty if not set
     */
    record Schema(String name, String description, JsonNode schema, Optional<Boolean> strict)
            implements ResponseFormat {}
}
