package dev.understudy.protocol.json;

/** The tokens at which a {@link JsonCursor} stops. */
public enum Token {
    START_OBJECT,
    END_OBJECT,
    START_ARRAY,
    END_ARRAY,
    NAME,
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL
}
