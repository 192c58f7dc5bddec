package dev.understudy.gateway.config;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import java.util.OptionalInt;

/** Reads what a configuration says of a model's abilities. What it does not say is left to the built-in table. */
final class CapabilitiesReader {
    static final String[] KEYS = {
        "context-window",
        "max-output",
        "images",
        "documents",
        "audio",
        "tools",
        "json-schema",
        "prefill",
        "thinking",
        "reasons"
    };

    private CapabilitiesReader() {}

    static ModelCapabilities read(Section section) {
        return new ModelCapabilities(
                tokens(section, "context-window"),
                tokens(section, "max-output"),
                can(section, "images"),
                can(section, "documents"),
                can(section, "audio"),
                can(section, "tools"),
                can(section, "json-schema"),
                can(section, "prefill"),
                section.get("thinking")
                        .flatMap(entry -> entry.choice(ThinkingWord.class))
                        .map(ThinkingWord::ability)
                        .orElse(ModelCapabilities.Thinking.UNKNOWN),
                can(section, "reasons"));
    }

    private static OptionalInt tokens(Section section, String key) {
        return section.get(key)
                .flatMap(entry -> entry.whole(1, Integer.MAX_VALUE))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    private static Can can(Section section, String key) {
        return section.get(key).flatMap(Entry::flag).map(Can::of).orElse(Can.UNKNOWN);
    }

    /** How a model's reasoning is configured in requests. */
    private enum ThinkingWord implements WireNamed {
        NONE("none", ModelCapabilities.Thinking.NONE),
        BUDGET("budget", ModelCapabilities.Thinking.BUDGET),
        EFFORT("effort", ModelCapabilities.Thinking.EFFORT),
        ADAPTIVE("adaptive", ModelCapabilities.Thinking.ADAPTIVE);

        private final String wireName;
        private final ModelCapabilities.Thinking ability;

        ThinkingWord(String wireName, ModelCapabilities.Thinking ability) {
            this.wireName = wireName;
            this.ability = ability;
        }

        @Override
        public String wireName() {
            return wireName;
        }

        ModelCapabilities.Thinking ability() {
            return ability;
        }
    }
}
