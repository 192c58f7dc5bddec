package dev.understudy.protocol.json;

/** The faults of a text that is not well-formed JSON. */
public enum JsonFault {
    ENDS_EARLY("it ends in the middle of a value"),
    GOES_ON("it continues after the end of its value"),
    NO_VALUE("a value was expected"),
    NO_NAME("a name in double quotes was expected"),
    NO_COLON("a colon was expected after a name"),
    NO_END_OF_OBJECT("a comma or the end of an object was expected"),
    NO_END_OF_LIST("a comma or the end of a list was expected"),
    STRANGE_WORD("a literal in it is not true, false or null"),
    STRANGE_NUMBER("a number in it is not a valid JSON number"),
    STRANGE_ESCAPE("an escape sequence in a string is invalid"),
    HALF_CHARACTER("an escape in a name is half of a surrogate pair"),
    CONTROL_CHARACTER("a control character in a string is not escaped"),
    NOT_UTF8("a character in it is not UTF-8"),
    TOO_LONG("a name or a number in it is too long"),
    TOO_DEEP("its objects and lists are nested too deep");

    private final String described;

    JsonFault(String described) {
        this.described = described;
    }

    /** As written after a colon: {@code it ends in the middle of a value}. */
    public String described() {
        return described;
    }
}
