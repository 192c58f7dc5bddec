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

    /** As it stands in a sentence: {@code a list}. */
    public String described() {
        return described;
    }
}
