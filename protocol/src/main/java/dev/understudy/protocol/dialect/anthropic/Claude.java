package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import dev.understudy.protocol.dialect.ModelTraits;

/**
 * What a Claude model accepts: its capabilities, and where they do not say, its traits. A model of which neither is known
 * is treated as an old one that refuses little.
 *
 * @see <a href="https://platform.claude.com/docs/en/about-claude/models/overview">Models overview</a>
 */
final class Claude {
    /** The output limit of Claude 3 Haiku, the lowest of all models. */
    private static final int LEAST_OUTPUT = 4_096;

    private final ModelCapabilities capabilities;
    private final ModelTraits traits;

    Claude(ModelCapabilities capabilities) {
        this.capabilities = capabilities;
        this.traits = capabilities.traits();
    }

    /** The {@code max_tokens} of requests without one: Anthropic requires it. */
    long defaultMaxTokens() {
        return capabilities.maxOutput().orElse(traits.defaultOutput().orElse(LEAST_OUTPUT));
    }

    long maxOutputTokens() {
        return capabilities.maxOutput().orElse(Integer.MAX_VALUE);
    }

    /** Whether it refuses temperature, {@code top_p} and {@code top_k}. */
    boolean refusesSampling() {
        return traits.sampling() == ModelTraits.SamplingRule.NEVER;
    }

    /** Whether it accepts a last turn of the assistant. */
    boolean prefills() {
        return known(capabilities.prefill(), traits.prefill());
    }

    /** Whether it supports structured output. */
    boolean schema() {
        return known(capabilities.schema(), traits.schema());
    }

    private static boolean known(Can capability, Can trait) {
        return (capability == Can.UNKNOWN ? trait : capability) != Can.NO;
    }

    ReasoningControl reasoningControl() {
        ReasoningControl known = capabilities.reasoningControl() == ReasoningControl.UNKNOWN
                ? traits.control()
                : capabilities.reasoningControl();
        return known == ReasoningControl.UNKNOWN ? ReasoningControl.BUDGET : known;
    }

    /** Whether it has an effort between high and max. */
    boolean xhigh() {
        return !traits.has(ModelTraits.Flag.NO_XHIGH);
    }
}
