package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model takes: as it is known of it, and where nothing is, as the version in its name tells.
 *
 * @see <a href="https://platform.claude.com/docs/en/about-claude/models/overview">Models overview</a>
 */
final class Claude {
    /** {@code claude-opus-4-7}, {@code claude-3-5-haiku-20241022}, {@code claude-sonnet-5}: dates have more digits. */
    private static final Pattern NAME = Pattern.compile("claude-(?:[a-z]{1,20}-)?(\\d{1,2})(?:[-.](\\d{1,2}))?(?!\\d)");

    /** What every model can write: Claude 3 Haiku can write no more. */
    private static final int LEAST_OUTPUT = 4_096;

    /** What every model from Claude 4 on can write: Claude Opus 4 can write no more. */
    private static final int LEAST_OUTPUT_FROM_4 = 32_000;

    private final ModelCapabilities capabilities;
    private final int version;

    Claude(String model, ModelCapabilities capabilities) {
        this.capabilities = capabilities;
        this.version = version(model);
    }

    /** 100 for each major, 1 for each minor version; 0 if the name tells none. */
    private static int version(String model) {
        Matcher name = NAME.matcher(model);
        if (!name.find()) {
            return 0;
        }
        int minor = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
        return Integer.parseInt(name.group(1)) * 100 + minor;
    }

    /** How many tokens to allow where the caller did not say, and Anthropic insists on a number. */
    long usualMaxTokens() {
        return capabilities.maxOutput().orElse(version >= 400 ? LEAST_OUTPUT_FROM_4 : LEAST_OUTPUT);
    }

    long mostTokens() {
        return capabilities.maxOutput().orElse(Integer.MAX_VALUE);
    }

    /** From 4.7 on it draws words in its own way, and refuses to be told how. */
    boolean refusesSampling() {
        return version >= 407;
    }

    /** From 4.6 on it refuses a last turn of the assistant. */
    boolean prefills() {
        return capabilities.prefill() == Can.UNKNOWN ? version < 406 : capabilities.prefill() == Can.YES;
    }

    /** Whether it can be held to a schema, as it can from 4.5 on. */
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

    /** Whether there is an effort between high and max. */
    boolean xhigh() {
        return version == 0 || version >= 407;
    }
}
