package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.neutral.Sampling;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What of the sampling Bedrock can be told.
 *
 * @param topK in Claude's own field; other models have none that all agree on
 */
record SamplingChoice(
        OptionalLong maxTokens,
        Optional<BigDecimal> temperature,
        Optional<BigDecimal> topP,
        OptionalLong topK,
        List<String> stop) {
    /** A thinking Claude takes no {@code top_p} below. */
    private static final BigDecimal SMALLEST_TOP_P_OF_THINKERS = new BigDecimal("0.95");

    static SamplingChoice of(Sampling asked, ModelFamily family, ThinkingChoice thinking, Set<String> warnings)
            throws UntranslatableRequest {
        if (asked.choices().orElse(1) > 1) {
            throw new UntranslatableRequest("n", "Bedrock gives one answer at a time");
        }
        dropped(asked.frequencyPenalty().isPresent(), "frequency_penalty", warnings);
        dropped(asked.presencePenalty().isPresent(), "presence_penalty", warnings);
        dropped(asked.seed().isPresent(), "seed", warnings);
        dropped(asked.logprobs().orElse(false) || asked.topLogprobs().isPresent(), "logprobs", warnings);
        Optional<BigDecimal> temperature = within(asked.temperature(), "temperature", warnings);
        Optional<BigDecimal> topP = within(asked.topP(), "top_p", warnings);
        OptionalLong topK = asked.topK();
        if (topK.isPresent() && family != ModelFamily.CLAUDE) {
            warnings.add("top_k: dropped, Bedrock has none for this model");
            topK = OptionalLong.empty();
        }
        if (thinking.fixesSampling()) {
            if (temperature.isPresent() && temperature.get().compareTo(BigDecimal.ONE) != 0) {
                warnings.add("temperature: dropped, a thinking Claude takes none");
                temperature = Optional.empty();
            }
            if (topP.isPresent() && topP.get().compareTo(SMALLEST_TOP_P_OF_THINKERS) < 0) {
                warnings.add("top_p: dropped, a thinking Claude takes none below 0.95");
                topP = Optional.empty();
            }
            if (topK.isPresent()) {
                warnings.add("top_k: dropped, a thinking Claude takes none");
                topK = OptionalLong.empty();
            }
        }
        OptionalLong most = asked.maxTokens();
        if (most.isPresent() && most.getAsLong() < 1) {
            warnings.add("max_tokens: " + most.getAsLong() + " became 1, Bedrock's lowest");
            most = OptionalLong.of(1);
        }
        List<String> stop =
                asked.stop().stream().filter(text -> !text.isEmpty()).toList();
        return new SamplingChoice(most, temperature, topP, topK, stop);
    }

    private static void dropped(boolean wanted, String field, Set<String> warnings) {
        if (wanted) {
            warnings.add(field + ": dropped, Bedrock has none");
        }
    }

    private static Optional<BigDecimal> within(Optional<BigDecimal> asked, String field, Set<String> warnings) {
        if (asked.isEmpty()) {
            return asked;
        }
        BigDecimal inside = asked.get().max(BigDecimal.ZERO).min(BigDecimal.ONE);
        if (inside.compareTo(asked.get()) == 0) {
            return asked;
        }
        warnings.add(field + ": " + asked.get() + " became " + inside + ", Bedrock's "
                + (inside.signum() == 0 ? "lowest" : "highest"));
        return Optional.of(inside);
    }

    /** Writes the member {@code inferenceConfig}, if there is anything to say. */
    void write(JsonGenerator json) throws IOException {
        if (maxTokens.isEmpty() && temperature.isEmpty() && topP.isEmpty() && stop.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("inferenceConfig");
        if (maxTokens.isPresent()) {
            json.writeNumberField("maxTokens", maxTokens.getAsLong());
        }
        if (temperature.isPresent()) {
            json.writeNumberField("temperature", temperature.get());
        }
        if (topP.isPresent()) {
            json.writeNumberField("topP", topP.get());
        }
        if (!stop.isEmpty()) {
            json.writeArrayFieldStart("stopSequences");
            for (String text : stop) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
