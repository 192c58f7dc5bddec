package dev.understudy.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;

/** The kinds of JSON values. */
public enum ValueKind {
    STRING("a string"),
    NUMBER("a number"),
    TRUE("true"),
    FALSE("false"),
    NULL("null"),
    OBJECT("an object"),
    ARRAY("a list");

    private final String described;

    ValueKind(String described) {
        this.described = described;
    }

    /**
     * The kind of the value that begins with a token.
     *
     * @throws IllegalStateException if no value begins with it
     */
    public static ValueKind beginningWith(Token token) {
        return switch (token) {
            case STRING -> STRING;
            case NUMBER -> NUMBER;
            case TRUE -> TRUE;
            case FALSE -> FALSE;
            case NULL -> NULL;
            case START_OBJECT -> OBJECT;
            case START_ARRAY -> ARRAY;
            case END_OBJECT, END_ARRAY, NAME -> throw new IllegalStateException("no value begins with " + token);
        };
    }

    /**
     * The kind of a value in a tree.
     *
     * @throws IllegalArgumentException if it is a missing node, or of a type that JSON does not have
     */
    public static ValueKind of(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> STRING;
            case NUMBER -> NUMBER;
            case BOOLEAN -> value.booleanValue() ? TRUE : FALSE;
            case NULL -> NULL;
            case OBJECT -> OBJECT;
            case ARRAY -> ARRAY;
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not a value of JSON: " + value);
        };
    }

    /** As it stands in a sentence: {@code a list}. */
    public String described() {
        return described;
    }
}
