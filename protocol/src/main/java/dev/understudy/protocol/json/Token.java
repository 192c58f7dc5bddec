package dev.understudy.protocol.json;

/** What a {@link JsonCursor} stands on. */
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
