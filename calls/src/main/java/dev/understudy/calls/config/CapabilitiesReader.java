package dev.understudy.calls.config;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import java.util.OptionalInt;

/** Reads a model's configured capabilities. Those that are not configured come from the built-in table. */
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
        return ModelCapabilities.builder()
                .contextWindow(tokens(section, "context-window"))
                .maxOutput(tokens(section, "max-output"))
                .images(can(section, "images"))
                .documents(can(section, "documents"))
                .audio(can(section, "audio"))
                .tools(can(section, "tools"))
                .schema(can(section, "json-schema"))
                .prefill(can(section, "prefill"))
                .reasoningControl(section.get("thinking")
                        .flatMap(entry -> entry.choice(ReasoningControlName.class))
                        .map(ReasoningControlName::ability)
                        .orElse(ModelCapabilities.ReasoningControl.UNKNOWN))
                .reasons(can(section, "reasons"))
                .build();
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
    private enum ReasoningControlName implements WireNamed {
        NONE("none", ModelCapabilities.ReasoningControl.NONE),
        BUDGET("budget", ModelCapabilities.ReasoningControl.BUDGET),
        EFFORT("effort", ModelCapabilities.ReasoningControl.EFFORT),
        ADAPTIVE("adaptive", ModelCapabilities.ReasoningControl.ADAPTIVE);

        private final String wireName;
        private final ModelCapabilities.ReasoningControl ability;

        ReasoningControlName(String wireName, ModelCapabilities.ReasoningControl ability) {
            this.wireName = wireName;
            this.ability = ability;
        }

        @Override
        public String wireName() {
            return wireName;
        }

        ModelCapabilities.ReasoningControl ability() {
            return ability;
        }
    }
}
