package dev.understudy.protocol.json;

/**
 * A text is not the JSON that it should be.
 *
 * <p>It tells what is wrong and where, and repeats nothing of the text, which may be a prompt or an answer. There is no
 * stack trace: it says something of somebody's bytes, and nothing of ours.
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

    /** What is wrong. */
    public JsonFault fault() {
        return fault;
    }

    /** Where in the array that was read: the byte that cannot stand there, or the end. */
    public int offset() {
        return offset;
    }

    /**
     * What that means to a caller.
     *
     * @param what how to call the text
     */
    BadRequest asBadRequest(String what) {
        return BadRequest.notJson(what + " is not well-formed JSON: " + fault.described() + " (near byte " + offset
                + "). Send JSON in UTF-8.");
    }
}
