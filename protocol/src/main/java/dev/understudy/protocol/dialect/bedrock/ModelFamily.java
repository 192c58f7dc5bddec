package dev.understudy.protocol.dialect.bedrock;

import java.util.Locale;

/**
 * The vendor of a model, as far as requests differ by it. Ids are such as {@code
 * us.anthropic.claude-sonnet-4-5-20250929-v1:0}.
 */
enum ModelFamily {
    CLAUDE,
    NOVA,
    OPENAI,
    MISTRAL,
    OTHER;

    static ModelFamily of(String model) {
        String id = model.toLowerCase(Locale.ROOT);
        if (id.contains("anthropic") || id.contains("claude")) {
            return CLAUDE;
        } else if (id.contains("nova")) {
            return NOVA;
        } else if (id.contains("openai") || id.contains("gpt-oss")) {
            return OPENAI;
        }
        return id.contains("mistral") || id.contains("mixtral") || id.contains("magistral") ? MISTRAL : OTHER;
    }

    /** Whether prompts can be cached; other families refuse a request with a cache point. */
    boolean caches() {
        return this == CLAUDE || this == NOVA;
    }

    /** Whether a tool result may have the status {@code error}. */
    boolean readsToolStatus() {
        return this == CLAUDE || this == NOVA;
    }
}
