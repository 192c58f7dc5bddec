package dev.understudy.protocol.neutral;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much the model reasons before it answers. What is empty was not set.
 *
 * <p>Some vendors take an effort, others a budget of tokens; where only one is set, the other follows from the table
 * here, which is the one that Google publishes for its own translation of OpenAI's efforts.
 *
 * @param effort the effort
 * @param budget in tokens
 * @param shown whether the caller wants to see the reasoning, or a summary of it
 * @see <a href="https://ai.google.dev/gemini-api/docs/openai#thinking">Gemini: OpenAI compatibility, thinking</a>
 */
public record ReasoningSettings(Optional<Effort> effort, OptionalLong budget, Optional<Boolean> shown) {

    /** Nothing is set. */
    public static final ReasoningSettings USUAL =
            new ReasoningSettings(Optional.empty(), OptionalLong.empty(), Optional.empty());

    /** From no reasoning to the most, each with its budget in tokens. */
    public enum Effort {
        NONE(0),
        MINIMAL(1_024),
        LOW(1_024),
        MEDIUM(8_192),
        HIGH(24_576),
        XHIGH(32_768);

        private final long tokens;

        Effort(long tokens) {
            this.tokens = tokens;
        }

        /** The word of OpenAI, Google and others, such as {@code low}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The effort of that word; empty if there is none. */
        public static Optional<Effort> ofWord(String word) {
            return Arrays.stream(values())
                    .filter(effort -> effort.word().equals(word))
                    .findFirst();
        }

        /** The lowest effort whose budget is sufficient; XHIGH beyond all. */
        static Effort of(long budget) {
            for (Effort effort : values()) {
                if (effort != MINIMAL && budget <= effort.tokens) {
                    return effort;
                }
            }
            return XHIGH;
        }
    }

    /** The effort that was set, or follows from the budget. */
    public Optional<Effort> asEffort() {
        return effort.isPresent() || budget.isEmpty() ? effort : Optional.of(Effort.of(budget.getAsLong()));
    }

    /** The budget that was set, or follows from the effort; 0 forbids reasoning. */
    public OptionalLong asBudget() {
        return budget.isPresent() || effort.isEmpty() ? budget : OptionalLong.of(effort.get().tokens);
    }
}
