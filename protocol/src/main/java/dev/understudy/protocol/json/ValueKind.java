package dev.understudy.protocol.json;

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

    /** As it stands in a sentence: {@code a list}. */
    public String described() {
        return described;
    }
}
