package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Claude model accepts: from its configured capabilities, and otherwise from the version in its name.
 *
 * @see <a href="https://platform.claude.com/docs/en/about-claude/models/overview">Models overview</a>
 */
final class Claude {
    /**
     * {@code claude-opus-4-7}, {@code claude-3-5-haiku-20241022}, {@code claude-sonnet-5}; dates have more digits than
     * versions.
     */
    private static final Pattern NAME = Pattern.compile("claude-(?:[a-z]{1,20}-)?(\\d{1,2})(?:[-.](\\d{1,2}))?(?!\\d)");

    /** The output limit of Claude 3 Haiku, the lowest of all models. */
    private static final int LEAST_OUTPUT = 4_096;

    /** The output limit of Claude Opus 4, the lowest from Claude 4 on. */
    private static final int LEAST_OUTPUT_FROM_4 = 32_000;

    private final ModelCapabilities capabilities;
    private final int version;

    Claude(String model, ModelCapabilities capabilities) {
        this.capabilities = capabilities;
        this.version = version(model);
    }

    /** The major version times 100 plus the minor version; 0 if the name has none. */
    private static int version(String model) {
        Matcher name = NAME.matcher(model);
        if (!name.find()) {
            return 0;
        }
        int minor = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
        return Integer.parseInt(name.group(1)) * 100 + minor;
    }

    /** The {@code max_tokens} of requests without one: Anthropic requires it. */
    long usualMaxTokens() {
        return capabilities.maxOutput().orElse(version >= 400 ? LEAST_OUTPUT_FROM_4 : LEAST_OUTPUT);
    }

    long mostTokens() {
        return capabilities.maxOutput().orElse(Integer.MAX_VALUE);
    }

    /** From 4.7 on, temperature, {@code top_p} and {@code top_k} are refused. */
    boolean refusesSampling() {
        return version >= 407;
    }

    /** Whether it accepts a last turn of the assistant; from 4.6 on it does not. */
    boolean prefills() {
        return capabilities.prefill() == Can.UNKNOWN ? version < 406 : capabilities.prefill() == Can.YES;
    }

    /** Whether it supports structured output, as models from 4.5 on do. */
    boolean schema() {
        return capabilities.schema() == Can.UNKNOWN ? version == 0 || version >= 405 : capabilities.schema() == Can.YES;
    }

    ReasoningControl reasoningControl() {
        if (capabilities.reasoningControl() != ReasoningControl.UNKNOWN) {
            return capabilities.reasoningControl();
        }
        if (version > 0 && version < 307) {
            return ReasoningControl.NONE;
        }
        return version >= 406 ? ReasoningControl.ADAPTIVE : ReasoningControl.BUDGET;
    }

    /** Whether it has an effort between high and max. */
    boolean xhigh() {
        return version == 0 || version >= 407;
    }
}
