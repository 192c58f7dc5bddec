package dev.understudy.compat.vendors;

import java.util.Locale;

/** The vendors behind the gateway, played by {@code compat/upstream}. */
enum Upstream {
    OPENAI,
    RESPONSES,
    ANTHROPIC,
    GEMINI,
    BEDROCK;

    /** The model behind which there is only this vendor. */
    String model() {
        return "cross-" + name().toLowerCase(Locale.ROOT);
    }

    /** The model of another vendor, who is down, so that this one answers. */
    String afterAFailure() {
        return "fallback-" + name().toLowerCase(Locale.ROOT);
    }

    /** The model of another vendor, whose streams break off half-way, so that this vendor's model continues. */
    String afterABreak() {
        return "mended-" + name().toLowerCase(Locale.ROOT);
    }
}
