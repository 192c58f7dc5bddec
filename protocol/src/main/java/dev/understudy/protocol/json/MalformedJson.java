package dev.understudy.protocol.json;

/**
 * A text is not well-formed JSON.
 *
 * <p>The exception has the fault and its offset, and nothing of the text, which may be a prompt or an answer. It has no stack
 * trace, because the fault is in the bytes and not in the program.
 */
public final class MalformedJson extends Exception {
    private static final long serialVersionUID = 1;

    private final JsonFault fault;
    private final int offset;

    MalformedJson(JsonFault fault, int offset) {
        super(fault.described(), null, false, false);
        this.fault = fault;
        this.offset = offset;
    }

    /** The fault. */
    public JsonFault fault() {
        return fault;
    }

    /** The offset of the faulty byte in the array, or the end. */
    public int offset() {
        return offset;
    }

    /**
     * The error for the caller.
     *
     * @param what the name of the text in the message
     */
    BadRequest asBadRequest(String what) {
        return BadRequest.notJson(what + " is not well-formed JSON: " + fault.described() + " (near byte " + offset
                + "). Send JSON in UTF-8.");
    }
}
