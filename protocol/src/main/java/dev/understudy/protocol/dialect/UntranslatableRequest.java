package dev.understudy.protocol.dialect;

/** A request that cannot be sent to this target without changing its meaning: another target has to be tried. */
public final class UntranslatableRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final String field;

    /**
     * @param field the member of the request, in the caller's terms, such as {@code tools[0]}
     * @param why one short sentence for the caller
     */
    public UntranslatableRequest(String field, String why) {
        super(why, null, false, false);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
