package dev.understudy.calls.config;

/** How a request to a provider is authenticated. */
public enum AuthStyle implements WireNamed {
    /** {@code Authorization: Bearer …}. */
    BEARER("bearer"),
    /** A header of its own, {@code api-key: …}, as Azure has it. */
    HEADER("api-key"),
    /** {@code x-api-key: …}, as Anthropic has it. */
    X_API_KEY("x-api-key"),
    /** {@code x-goog-api-key: …}. */
    GOOGLE("x-goog-api-key"),
    /** Amazon's signature over each request (SigV4), with the credentials of the surroundings. */
    AWS("aws"),
    /** A token of a Google service account. */
    GOOGLE_ACCOUNT("google-service-account"),
    /** No authentication. */
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
