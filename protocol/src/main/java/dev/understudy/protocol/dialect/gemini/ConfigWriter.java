package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes {@code generationConfig}.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#generationconfig">Gemini API: GenerationConfig</a>
 */
final class ConfigWriter {
    private static final int MOST_STOPS = 5;
    private static final int MOST_CHOICES = 8;
    private static final int MOST_ALTERNATIVES = 20;

    /** A member of {@code generationConfig}. */
    private record Setting(String name, JsonOut.Content value) {}

    private final List<Setting> settings = new ArrayList<>();
    private final RequestWriter.Warnings warnings;

    ConfigWriter(
            NeutralRequest request,
            ResponseFormat output,
            ModelCapabilities capabilities,
            RequestWriter.Warnings warnings)
            throws UntranslatableRequest {
        this.warnings = warnings;
        sampling(request.sampling(), capabilities.maxOutput().orElse(Integer.MAX_VALUE));
        output(output);
        new ReasoningWriter(capabilities.traits(), warnings)
                .config(request.reasoning(), capabilities)
                .ifPresent(reasoning -> settings.add(new Setting("thinkingConfig", reasoning)));
    }

    /** @param others other members of the caller's {@code generationConfig} */
    void write(JsonGenerator json, List<Other> others) throws IOException {
        if (settings.isEmpty() && others.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("generationConfig");
        for (Setting setting : settings) {
            json.writeFieldName(setting.name());
            setting.value().writeTo(json);
        }
        for (Other other : others) {
            json.writeFieldName(other.name());
            json.writeRawValue(other.json());
        }
        json.writeEndObject();
    }

    private void sampling(Sampling sampling, int mostTokens) throws UntranslatableRequest {
        decimal("temperature", "temperature", sampling.temperature(), "0", "2");
        decimal("topP", "top_p", sampling.topP(), "0", "1");
        if (sampling.topK().isPresent()) {
            whole("topK", clamped("top_k", sampling.topK().getAsLong(), 1, Integer.MAX_VALUE));
        }
        sampling.maxTokens().ifPresent(most -> whole("maxOutputTokens", clamped("max_tokens", most, 1, mostTokens)));
        int choices = sampling.choices().orElse(1);
        if (choices > MOST_CHOICES) {
            throw new UntranslatableRequest("n", "Gemini supports at most " + MOST_CHOICES + " answers.");
        } else if (choices > 1) {
            whole("candidateCount", choices);
        }
        stop(sampling.stop());
        seed(sampling.seed());
        // Gemini accepts values below 2.
        decimal("presencePenalty", "presence_penalty", sampling.presencePenalty(), "-2", "1.99");
        decimal("frequencyPenalty", "frequency_penalty", sampling.frequencyPenalty(), "-2", "1.99");
        if (sampling.logprobs().orElse(false)) {
            settings.add(new Setting("responseLogprobs", json -> json.writeBoolean(true)));
            sampling.topLogprobs()
                    .ifPresent(count -> whole("logprobs", clamped("top_logprobs", count, 0, MOST_ALTERNATIVES)));
        }
    }

    private void stop(List<String> stop) {
        List<String> texts = stop.stream().filter(text -> !text.isEmpty()).toList();
        if (texts.size() > MOST_STOPS) {
            warnings.say("stop", texts.size() + " reduced to the first " + MOST_STOPS + ", Gemini's most");
        }
        if (!texts.isEmpty()) {
            settings.add(new Setting("stopSequences", json -> {
                json.writeStartArray();
                for (String text : texts.subList(0, Math.min(MOST_STOPS, texts.size()))) {
                    json.writeString(text);
                }
                json.writeEndArray();
            }));
        }
    }

    private void seed(OptionalLong seed) {
        if (seed.isEmpty()) {
            return;
        }
        long number = seed.getAsLong();
        // Any number will do if it is the same for the same seed.
        int fitting = (int) number;
        if (fitting != number) {
            warnings.say("seed", number + " became " + fitting + ", Gemini's have 32 bits");
        }
        whole("seed", fitting);
    }

    private void output(ResponseFormat output) {
        switch (output) {
            case ResponseFormat.Text text -> {}
            case ResponseFormat.Json json -> jsonType();
            case ResponseFormat.Schema schema -> {
                jsonType();
                settings.add(new Setting(
                        "responseJsonSchema",
                        json -> json.writeRawValue(schema.schema().toString())));
            }
        }
    }

    private void jsonType() {
        settings.add(new Setting("responseMimeType", json -> json.writeString("application/json")));
    }

    private void whole(String name, long number) {
        settings.add(new Setting(name, json -> json.writeNumber(number)));
    }

    private long clamped(String field, long number, long least, long most) {
        long fitting = Math.max(least, Math.min(most, number));
        if (fitting != number) {
            became(field, String.valueOf(number), String.valueOf(fitting), number > most);
        }
        return fitting;
    }

    private void decimal(String name, String field, Optional<BigDecimal> wanted, String least, String most) {
        if (wanted.isEmpty()) {
            return;
        }
        BigDecimal number = wanted.get();
        BigDecimal fitting = number.max(new BigDecimal(least)).min(new BigDecimal(most));
        if (fitting.compareTo(number) != 0) {
            became(field, number.toString(), fitting.toString(), fitting.compareTo(number) < 0);
        }
        settings.add(new Setting(name, json -> json.writeNumber(fitting)));
    }

    private void became(String field, String number, String fitting, boolean tooHigh) {
        warnings.say(field, number + " became " + fitting + ", Gemini's " + (tooHigh ? "highest" : "lowest"));
    }

    /**
     * Writes reasoning settings: Gemini 2.5 takes a budget of tokens, Gemini 3 a level, and both refuse a request with
     * both.
     *
     * @see <a href="https://ai.google.dev/gemini-api/docs/thinking#set-budget">Gemini API: thinking levels and
     *     budgets</a>
     */
    static final class ReasoningWriter {
        private static final String FIELD = "reasoning_effort";

        private final ModelTraits traits;
        private final RequestWriter.Warnings warnings;

        ReasoningWriter(ModelTraits traits, RequestWriter.Warnings warnings) {
            this.traits = traits;
            this.warnings = warnings;
        }

        /** {@code thinkingConfig}; empty if there is nothing to set. */
        Optional<JsonOut.Content> config(ReasoningSettings reasoning, ModelCapabilities capabilities) {
            if (reasoning.equals(ReasoningSettings.USUAL)) {
                return Optional.empty();
            }
            return switch (control(capabilities)) {
                case BUDGET -> budget(reasoning);
                case EFFORT, ADAPTIVE, UNKNOWN -> level(reasoning);
                case NONE -> {
                    OptionalLong budget = reasoning.asBudget();
                    if (budget.isPresent() && budget.getAsLong() > 0) {
                        warnings.say(FIELD, "dropped, this model does not support reasoning");
                    }
                    yield Optional.empty();
                }
            };
        }

        private ModelCapabilities.ReasoningControl control(ModelCapabilities capabilities) {
            return capabilities.reasoningControl() == ModelCapabilities.ReasoningControl.UNKNOWN
                    ? traits.control()
                    : capabilities.reasoningControl();
        }

        private Optional<JsonOut.Content> budget(ReasoningSettings reasoning) {
            boolean shown = reasoning.shown().orElse(false);
            OptionalLong wanted = reasoning.asBudget();
            if (wanted.isEmpty()) {
                return shown ? Optional.of(ReasoningWriter::shownOnly) : Optional.empty();
            }
            long tokens = fitting(wanted.getAsLong());
            return Optional.of(json -> {
                json.writeStartObject();
                json.writeNumberField("thinkingBudget", tokens);
                if (shown && tokens > 0) {
                    json.writeBooleanField("includeThoughts", true);
                }
                json.writeEndObject();
            });
        }

        private long fitting(long wanted) {
            if (wanted <= 0 && !traits.has(ModelTraits.Flag.ALWAYS_REASONS)) {
                return 0;
            }
            long tokens = Math.max(traits.leastBudget(), Math.min(traits.mostBudget(), wanted));
            if (tokens != wanted) {
                warnings.say(
                        FIELD,
                        wanted + " tokens changed to " + tokens + ", this model's "
                                + (tokens > wanted ? "lowest" : "highest"));
            }
            return tokens;
        }

        private Optional<JsonOut.Content> level(ReasoningSettings reasoning) {
            boolean shown = reasoning.shown().orElse(false);
            Optional<ReasoningSettings.Effort> effort = reasoning.asEffort();
            if (effort.isEmpty()) {
                return shown ? Optional.of(ReasoningWriter::shownOnly) : Optional.empty();
            }
            String wanted = effort.get().word();
            String level = traits.nearest(effort.get()).word();
            if (!level.equals(wanted)) {
                warnings.say(FIELD, wanted + " became " + level + ", the closest value that this model supports");
            }
            return Optional.of(json -> {
                json.writeStartObject();
                json.writeStringField("thinkingLevel", level);
                if (shown) {
                    json.writeBooleanField("includeThoughts", true);
                }
                json.writeEndObject();
            });
        }

        private static void shownOnly(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeBooleanField("includeThoughts", true);
            json.writeEndObject();
        }
    }
}
