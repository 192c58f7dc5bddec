package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Sampling;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Writes how words are drawn, as far as the model lets itself be told. */
final class SamplingWriter {
    /** The smallest {@code top_p} that goes with thinking. */
    private static final BigDecimal LEAST_WITH_THINKING = new BigDecimal("0.95");

    private final Sampling sampling;
    private final Claude claude;
    private final List<String> warnings;

    SamplingWriter(NeutralRequest request, Claude claude, List<String> warnings) {
        this.sampling = request.sampling();
        this.claude = claude;
        this.warnings = warnings;
    }

    /** As asked, within what the model can write; Anthropic has no request without. */
    long maxTokens() {
        long asked = sampling.maxTokens().orElse(claude.usualMaxTokens());
        long most = claude.mostTokens();
        if (asked > most) {
            warnings.add("max_tokens: " + asked + " became " + most + ", the most of this model");
        }
        return Math.max(1, Math.min(asked, most));
    }

    void write(JsonGenerator json, boolean thinks) throws IOException {
        if (claude.refusesSampling()) {
            dropped("temperature", sampling.temperature().isPresent(), "this model takes none");
            dropped("top_p", sampling.topP().isPresent(), "this model takes none");
            dropped("top_k", sampling.topK().isPresent(), "this model takes none");
        } else if (thinks) {
            dropped(
                    "temperature",
                    sampling.temperature().filter(SamplingWriter::isNotOne).isPresent(),
                    thinking());
            dropped("top_k", sampling.topK().isPresent(), thinking());
            boolean low = sampling.topP()
                    .filter(p -> p.compareTo(LEAST_WITH_THINKING) < 0)
                    .isPresent();
            dropped("top_p", low, thinking());
            if (!low) {
                number(json, "top_p", sampling.topP());
            }
        } else {
            number(json, "temperature", sampling.temperature());
            if (sampling.temperature().isEmpty()) {
                number(json, "top_p", sampling.topP());
            }
            // From Claude Opus 4.1 on, both at once are an error.
            dropped(
                    "top_p",
                    sampling.temperature().isPresent() && sampling.topP().isPresent(),
                    "Anthropic takes one of temperature and top_p");
            if (sampling.topK().isPresent()) {
                json.writeNumberField("top_k", sampling.topK().getAsLong());
            }
        }
        stop(json);
        unknown();
    }

    private static String thinking() {
        return "a thinking model of Anthropic takes none";
    }

    private static boolean isNotOne(BigDecimal number) {
        return number.compareTo(BigDecimal.ONE) != 0;
    }

    private void number(JsonGenerator json, String name, Optional<BigDecimal> value) throws IOException {
        if (value.isEmpty()) {
            return;
        }
        BigDecimal fits = value.get().max(BigDecimal.ZERO).min(BigDecimal.ONE);
        if (fits.compareTo(value.get()) != 0) {
            String edge = fits.signum() == 0 ? "lowest" : "highest";
            warnings.add(name + ": " + value.get() + " became " + fits + ", Anthropic's " + edge);
        }
        json.writeNumberField(name, fits);
    }

    private void stop(JsonGenerator json) throws IOException {
        List<String> stop =
                sampling.stop().stream().filter(text -> !text.isBlank()).toList();
        dropped("stop", stop.size() < sampling.stop().size(), "Anthropic takes no blank ones");
        if (!stop.isEmpty()) {
            json.writeArrayFieldStart("stop_sequences");
            for (String text : stop) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
    }

    private void unknown() {
        String none = "Anthropic has none";
        dropped(
                "frequency_penalty",
                sampling.frequencyPenalty().filter(p -> p.signum() != 0).isPresent(),
                none);
        dropped(
                "presence_penalty",
                sampling.presencePenalty().filter(p -> p.signum() != 0).isPresent(),
                none);
        dropped("seed", sampling.seed().isPresent(), none);
        dropped(
                "logprobs",
                sampling.logprobs().orElse(false) || sampling.topLogprobs().isPresent(),
                none);
    }

    private void dropped(String field, boolean wasSaid, String why) {
        if (wasSaid) {
            warnings.add(field + ": dropped, " + why);
        }
    }
}
