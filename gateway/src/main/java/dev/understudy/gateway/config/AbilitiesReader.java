package dev.understudy.gateway.config;

import dev.understudy.protocol.dialect.Abilities;
import dev.understudy.protocol.dialect.Abilities.Can;
import java.util.OptionalInt;

/** Reads what a configuration says of a model's abilities. What it does not say is left to the built-in table. */
final class AbilitiesReader {
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

    private AbilitiesReader() {}

    static Abilities read(Section section) {
        return new Abilities(
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
                        .orElse(Abilities.Thinking.UNKNOWN),
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

    /** How a model is told to think. */
    private enum ThinkingWord implements WireNamed {
        NONE("none", Abilities.Thinking.NONE),
        BUDGET("budget", Abilities.Thinking.BUDGET),
        EFFORT("effort", Abilities.Thinking.EFFORT),
        ADAPTIVE("adaptive", Abilities.Thinking.ADAPTIVE);

        private final String wireName;
        private final Abilities.Thinking ability;

        ThinkingWord(String wireName, Abilities.Thinking ability) {
            this.wireName = wireName;
            this.ability = ability;
        }

        @Override
        public String wireName() {
            return wireName;
        }

        Abilities.Thinking ability() {
            return ability;
        }
    }
}
