package dev.understudy.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ModelTraits.Flag;
import dev.understudy.protocol.dialect.ModelTraits.SamplingRule;
import dev.understudy.protocol.dialect.ModelTraits.Vendor;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What requests depend on, for a long list of model names. The golden file {@code model-behaviour.txt} was written from the
 * eight places in code that the table replaced; its head lists the names for which the table deliberately differs.
 */
class ModelBehaviourTest {

    static List<String> lines() throws IOException {
        try (InputStream golden =
                Objects.requireNonNull(ModelBehaviourTest.class.getResourceAsStream("model-behaviour.txt"))) {
            return new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    static List<String> names() throws IOException {
        return lines().stream()
                .map(line -> line.substring(0, line.indexOf(" | ")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aNameHasTheBehaviourOfTheGoldenFile(String line) {
        assertThat(behaviour(line.substring(0, line.indexOf(" | ")), line)).isEqualTo(line);
    }

    /** The columns that the line has: no vendor serves Claude through Gemini's API, for example. */
    private static String behaviour(String model, String line) {
        ModelCapabilities known = ModelTable.of(model);
        ModelTraits traits = known.traits();
        StringBuilder behaviour = new StringBuilder(model);
        for (String column : line.substring(model.length() + 3).split(" \\| ", -1)) {
            String dialect = column.substring(0, Math.max(0, column.indexOf(' ')));
            behaviour
                    .append(" | ")
                    .append(
                            switch (dialect) {
                                case "known" -> "known " + known(known);
                                case "chat" -> "chat " + chat(traits);
                                case "gemini" -> "gemini " + gemini(traits);
                                case "anthropic" -> "anthropic " + anthropic(traits);
                                case "bedrock" -> "bedrock " + bedrock(traits);
                                default -> ModelTable.providerOf(model).orElse("-");
                            });
        }
        return behaviour.toString();
    }

    private static String known(ModelCapabilities known) {
        return number(known.contextWindow()) + " " + number(known.maxOutput()) + " "
                + String.join(
                        " ",
                        Stream.of(
                                        known.images(),
                                        known.documents(),
                                        known.audio(),
                                        known.tools(),
                                        known.schema(),
                                        known.prefill())
                                .map(ModelBehaviourTest::can)
                                .toList())
                + " " + (known.reasoningControl() == ReasoningControl.UNKNOWN ? "?" : word(known.reasoningControl()))
                + " " + can(known.reasons());
    }

    private static String chat(ModelTraits traits) {
        if (traits.service() == Vendor.OPENAI) {
            return traits.sampling() == SamplingRule.WITHOUT_REASONING
                    ? "openai-reasoning " + efforts(traits)
                            + (traits.has(Flag.NO_PARALLEL_SETTING) ? " no-parallel" : " parallel")
                    : "openai";
        }
        return switch (traits.service()) {
            case GOOGLE -> "gemini";
            case OTHER -> traits.has(Flag.REASONING_BACK) ? "interleaved" : "other";
            default -> word(traits.service());
        };
    }

    private static String gemini(ModelTraits traits) {
        boolean old = traits.has(Flag.UNSIGNED_CALLS);
        assertThat(traits.has(Flag.NO_JSON_WITH_TOOLS)).isEqualTo(old);
        assertThat(traits.has(Flag.NO_MEDIA_IN_RESULTS)).isEqualTo(old);
        assertThat(traits.has(Flag.NO_STRICT_TOOLS)).isEqualTo(old);
        return (old ? "before-3 " : "from-3 ")
                + (traits.control() == ReasoningControl.UNKNOWN ? "effort" : word(traits.control()))
                + (traits.has(Flag.ALWAYS_REASONS) ? " always " : " may-be-off ") + traits.leastBudget() + ".."
                + traits.mostBudget() + " " + efforts(traits);
    }

    private static String anthropic(ModelTraits traits) {
        return traits.defaultOutput().orElse(4_096)
                + (traits.sampling() == SamplingRule.NEVER ? " no-sampling" : " sampling")
                + (traits.prefill() == Can.NO ? " no-prefill" : " prefill")
                + (traits.schema() == Can.NO ? " no-schema " : " schema ")
                + (traits.control() == ReasoningControl.UNKNOWN ? "budget" : word(traits.control()))
                + (traits.has(Flag.NO_XHIGH) ? " max" : " xhigh");
    }

    private static String bedrock(ModelTraits traits) {
        String family = switch (traits.vendor()) {
            case ANTHROPIC -> "claude";
            case AMAZON -> "nova";
            default -> word(traits.vendor());
        };
        return family
                + (traits.has(Flag.CACHES_PROMPTS) ? " caches" : " no-cache")
                + (traits.has(Flag.TOOL_STATUS) ? " tool-status" : " no-tool-status");
    }

    private static String efforts(ModelTraits traits) {
        return String.join(
                " ",
                Stream.of(Effort.values())
                        .map(effort -> word(traits.nearest(effort)))
                        .toList());
    }

    private static String number(OptionalInt number) {
        return number.isPresent() ? String.valueOf(number.getAsInt()) : "?";
    }

    private static String can(Can can) {
        return can == Can.UNKNOWN ? "?" : word(can);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
