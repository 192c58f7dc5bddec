package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.Sampling;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** Writes sampling parameters and the reasoning effort. */
final class SamplingWriter {
    private static final BigDecimal HIGHEST = BigDecimal.TWO;
    private static final BigDecimal MISTRALS_HIGHEST = new BigDecimal("1.5");

    private final NeutralRequest request;
    private final ModelCapabilities capabilities;
    private final ModelFamily family;
    private final List<String> warnings;

    SamplingWriter(NeutralRequest request, ModelCapabilities capabilities, List<String> warnings) {
        this.request = request;
        this.capabilities = capabilities;
        this.family = ModelFamily.of(capabilities.traits());
        this.warnings = warnings;
    }

    void write(JsonGenerator json) throws IOException {
        Sampling sampling = request.sampling();
        if (sampling.maxTokens().isPresent()) {
            long limit = sampling.maxTokens().getAsLong();
            if (capabilities.maxOutput().isPresent()
                    && limit > capabilities.maxOutput().getAsInt()) {
                limit = capabilities.maxOutput().getAsInt();
                warnings.add("max_tokens: " + sampling.maxTokens().getAsLong() + " became " + limit
                        + ", the model's maximum");
            }
            boolean reasoning = family == ModelFamily.OPENAI_REASONING;
            json.writeNumberField(reasoning ? "max_completion_tokens" : "max_tokens", limit);
        }
        Optional<BigDecimal> temperature = sampling.temperature();
        BigDecimal highest = family == ModelFamily.MISTRAL ? MISTRALS_HIGHEST : HIGHEST;
        if (family != ModelFamily.OPENAI_REASONING
                && temperature.filter(t -> t.compareTo(highest) > 0).isPresent()) {
            warnings.add("temperature: " + temperature.get() + " became " + highest + ", the maximum");
            temperature = Optional.of(highest);
        }
        drawn(json, "temperature", temperature);
        drawn(json, "top_p", sampling.topP());
        drawn(json, "frequency_penalty", sampling.frequencyPenalty());
        drawn(json, "presence_penalty", sampling.presencePenalty());
        if (sampling.topK().isPresent()) {
            warnings.add("top_k: dropped, few Chat Completions servers support it");
        }
        if (sampling.seed().isPresent()) {
            json.writeNumberField(
                    family == ModelFamily.MISTRAL ? "random_seed" : "seed",
                    sampling.seed().getAsLong());
        }
        if (!sampling.stop().isEmpty()) {
            json.writeArrayFieldStart("stop");
            for (String text : sampling.stop()) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
        if (sampling.choices().orElse(1) > 1) {
            json.writeNumberField("n", sampling.choices().getAsInt());
        }
        if (sampling.logprobs().orElse(false)) {
            if (family == ModelFamily.MISTRAL || family == ModelFamily.OPENAI_REASONING) {
                warnings.add("logprobs: dropped, not supported by this model");
            } else {
                json.writeBooleanField("logprobs", true);
                if (sampling.topLogprobs().isPresent()) {
                    json.writeNumberField("top_logprobs", sampling.topLogprobs().getAsInt());
                }
            }
        }
    }

    private void drawn(JsonGenerator json, String name, Optional<BigDecimal> value) throws IOException {
        if (value.isEmpty()) {
            return;
        }
        boolean penalty = name.endsWith("penalty");
        if (family != ModelFamily.OPENAI_REASONING || (!penalty && isReasoningOff())) {
            json.writeNumberField(name, value.get());
        } else if (value.get().compareTo(penalty ? BigDecimal.ZERO : BigDecimal.ONE) != 0) {
            warnings.add(name + ": dropped, not supported by OpenAI's reasoning models");
        }
    }

    /** From 5.1 on, OpenAI's models can be used without reasoning, and then accept sampling parameters. */
    private boolean isReasoningOff() {
        return request.reasoning().asEffort().filter(Effort.NONE::equals).isPresent()
                && capabilities.traits().nearest(Effort.NONE) == Effort.NONE;
    }

    void reasoning(JsonGenerator json) throws IOException {
        ReasoningSettings reasoning = request.reasoning();
        Optional<Effort> asked = reasoning.asEffort();
        if (asked.isEmpty()) {
            return;
        }
        Effort effort = asked.get();
        if (family == ModelFamily.DEEPSEEK) {
            json.writeObjectFieldStart("thinking");
            json.writeStringField("type", effort == Effort.NONE ? "disabled" : "enabled");
            json.writeEndObject();
            if (effort != Effort.NONE) {
                json.writeStringField("reasoning_effort", deepSeeks(effort));
            }
            return;
        }
        boolean cannot = family == ModelFamily.OPENAI
                || family == ModelFamily.MISTRAL
                || capabilities.reasoningControl() == ModelCapabilities.ReasoningControl.NONE;
        if (cannot) {
            if (effort != Effort.NONE) {
                warnings.add("reasoning_effort: dropped, not supported by this model");
            }
            return;
        }
        Effort taken =
                family == ModelFamily.OPENAI_REASONING ? capabilities.traits().nearest(effort) : commonly(effort);
        if (taken != effort) {
            warnings.add(
                    "reasoning_effort: " + effort.word() + " became " + taken.word() + ", which the model supports");
        } else if (reasoning.effort().isEmpty()) {
            warnings.add("reasoning_effort: a budget of " + reasoning.budget().orElse(0) + " tokens changed to "
                    + taken.word());
        }
        json.writeStringField("reasoning_effort", taken.word());
    }

    /** @see <a href="https://api-docs.deepseek.com/guides/thinking_mode">DeepSeek: thinking mode</a> */
    private static String deepSeeks(Effort effort) {
        return switch (effort) {
            case NONE, MINIMAL, LOW -> "low";
            case MEDIUM, HIGH -> "high";
            case XHIGH -> "max";
        };
    }

    /** Efforts beyond low, medium and high are OpenAI's own; most servers refuse a value that they do not know. */
    private Effort commonly(Effort effort) {
        return switch (effort) {
            case NONE, LOW, MEDIUM, HIGH -> effort;
            case MINIMAL -> family == ModelFamily.GEMINI ? effort : Effort.LOW;
            case XHIGH -> Effort.HIGH;
        };
    }
}
