package dev.understudy.gateway.config;

/** When bytes of a streamed answer may reach the caller. */
public enum Commit implements WireNamed {
    /** With the first piece of content. */
    FIRST_CONTENT("first-content"),
    /** When the answer is complete: nothing is seen of an attempt that fails on its way. */
    COMPLETE("complete");

    private final String wireName;

    Commit(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String wireName() {
        return wireName;
    }
}
