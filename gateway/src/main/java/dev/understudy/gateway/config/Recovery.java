package dev.understudy.gateway.config;

/** What happens when an attempt dies after its bytes have reached the caller. */
public enum Recovery implements WireNamed {
    /** The next target goes on from the text so far. */
    CONTINUE("continue"),
    /** The next target starts over, marked, for callers that can take it. */
    RESTART("restart"),
    /** The stream ends with an error. */
    TERMINATE("terminate");

    private final String wireName;

    Recovery(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String wireName() {
        return wireName;
    }
}
