package dev.understudy.protocol.neutral;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much the model is to think before it answers. What is empty was not said.
 *
 * <p>Some vendors take an effort, others a budget of tokens; where only one is said, the other follows from the table
 * here, which is the one that Google publishes for its own translation of OpenAI's efforts.
 *
 * @param effort as a word
 * @param budget in tokens
 * @param shown whether the caller wants to read the thoughts, or a summary of them
 * @see <a href="https://ai.google.dev/gemini-api/docs/openai#thinking">Gemini: OpenAI compatibility, thinking</a>
 */
public record ReasoningSettings(Optional<Effort> effort, OptionalLong budget, Optional<Boolean> shown) {

    /** Nothing was said. */
    public static final ReasoningSettings USUAL =
            new ReasoningSettings(Optional.empty(), OptionalLong.empty(), Optional.empty());

    /** From none at all to as much as there is, with the budget in tokens that stands for each. */
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

        /** The smallest effort whose budget is enough; XHIGH beyond all. */
        static Effort of(long budget) {
            for (Effort effort : values()) {
                if (effort != MINIMAL && budget <= effort.tokens) {
                    return effort;
                }
            }
            return XHIGH;
        }
    }

    /** The effort that was said, or follows from the budget. */
    public Optional<Effort> asEffort() {
        return effort.isPresent() || budget.isEmpty() ? effort : Optional.of(Effort.of(budget.getAsLong()));
    }

    /** The budget that was said, or follows from the effort; 0 means that the model must not think. */
    public OptionalLong asBudget() {
        return budget.isPresent() || effort.isEmpty() ? budget : OptionalLong.of(effort.get().tokens);
    }
}
