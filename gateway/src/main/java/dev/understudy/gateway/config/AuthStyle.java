package dev.understudy.gateway.config;

/** How a key is shown to a provider. */
public enum AuthStyle implements WireNamed {
    /** {@code Authorization: Bearer …}. */
    BEARER("bearer"),
    /** A header of its own, {@code api-key: …}, as Azure has it. */
    HEADER("api-key"),
    /** Not at all. */
    NONE("none");

    private final String wireName;

    AuthStyle(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String wireName() {
        return wireName;
    }
}
