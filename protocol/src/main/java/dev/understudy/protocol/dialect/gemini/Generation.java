package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.ModelCapabilities;
import java.util.Locale;

/**
 * What a model's name says about its generation.
 *
 * @param name in lower case
 */
record Generation(String name) {

    static Generation of(String model) {
        return new Generation(model.toLowerCase(Locale.ROOT));
    }

    /**
     * Whether it is older than Gemini 3: requires no signatures of calls, takes no media in function responses, and has
     * no JSON output beside functions.
     */
    boolean isBeforeThree() {
        return name.contains("gemini-1") || name.contains("gemini-2");
    }

    /**
     * How its reasoning is set, where the configuration does not say.
     *
     * @see <a href="https://ai.google.dev/gemini-api/docs/thinking">Gemini API: thinking</a>
     */
    ModelCapabilities.ReasoningControl reasoningControl(ModelCapabilities.ReasoningControl known) {
        return switch (known) {
            case NONE, BUDGET, EFFORT -> known;
            case ADAPTIVE -> ModelCapabilities.ReasoningControl.EFFORT;
            case UNKNOWN -> {
                if (name.contains("gemini-2.5")) {
                    yield ModelCapabilities.ReasoningControl.BUDGET;
                }
                yield isBeforeThree()
                        ? ModelCapabilities.ReasoningControl.NONE
                        : ModelCapabilities.ReasoningControl.EFFORT;
            }
        };
    }

    /** Whether its reasoning cannot be turned off. */
    boolean isPro() {
        return name.contains("pro");
    }

    /** The lowest budget above 0. */
    long leastBudget() {
        if (isPro()) {
            return 128;
        }
        return name.contains("lite") ? 512 : 1;
    }

    long mostBudget() {
        return isPro() ? 32_768 : 24_576;
    }

    /** Gemini 3 Pro has two levels, its successors three. */
    boolean hasMedium() {
        return !name.contains("gemini-3-pro");
    }
}
