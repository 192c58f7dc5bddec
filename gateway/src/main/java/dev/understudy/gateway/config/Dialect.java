package dev.understudy.gateway.config;

/** How a provider is spoken to. */
public enum Dialect implements WireNamed {
    /** OpenAI Chat Completions under the base URL. */
    OPENAI("openai"),
    /** The same bodies at Azure's addresses, which name the deployment and the API's version. */
    AZURE("azure");

    private final String wireName;

    Dialect(String wireName) {
        this.wireName = wireName;
    }

    @Override
    public String wireName() {
        return wireName;
    }
}
