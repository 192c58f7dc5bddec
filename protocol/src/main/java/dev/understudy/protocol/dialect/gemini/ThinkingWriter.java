package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.ReasoningSettings;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells a model how much to think: Gemini 2.5 takes a budget of tokens, Gemini 3 a level, and either refuses to have both.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/thinking#set-budget">Gemini API: thinking levels and budgets</a>
 */
final class ThinkingWriter {
    private static final String FIELD = "reasoning_effort";

    private final Generation generation;
    private final Warnings warnings;

    ThinkingWriter(Generation generation, Warnings warnings) {
        this.generation = generation;
        this.warnings = warnings;
    }

    /** {@code thinkingConfig}; empty where nothing is to be said. */
    Optional<JsonOut.Content> config(ReasoningSettings reasoning, ModelCapabilities capabilities) {
        if (reasoning.equals(ReasoningSettings.USUAL)) {
            return Optional.empty();
        }
        return switch (generation.reasoningControl(capabilities.reasoningControl())) {
            case BUDGET -> budget(reasoning);
            case EFFORT, ADAPTIVE, UNKNOWN -> level(reasoning);
            case NONE -> {
                OptionalLong budget = reasoning.asBudget();
                if (budget.isPresent() && budget.getAsLong() > 0) {
                    warnings.say(FIELD, "dropped, this model does not think");
                }
                yield Optional.empty();
            }
        };
    }

    private Optional<JsonOut.Content> budget(ReasoningSettings reasoning) {
        boolean shown = reasoning.shown().orElse(false);
        OptionalLong wanted = reasoning.asBudget();
        if (wanted.isEmpty()) {
            return shown ? Optional.of(ThinkingWriter::shownOnly) : Optional.empty();
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
        if (wanted <= 0 && !generation.isPro()) {
            return 0;
        }
        long tokens = Math.max(generation.leastBudget(), Math.min(generation.mostBudget(), wanted));
        if (tokens != wanted) {
            warnings.say(
                    FIELD,
                    wanted + " tokens became " + tokens + ", this model's " + (tokens > wanted ? "lowest" : "highest"));
        }
        return tokens;
    }

    private Optional<JsonOut.Content> level(ReasoningSettings reasoning) {
        boolean shown = reasoning.shown().orElse(false);
        Optional<ReasoningSettings.Effort> effort = reasoning.asEffort();
        if (effort.isEmpty()) {
            return shown ? Optional.of(ThinkingWriter::shownOnly) : Optional.empty();
        }
        String wanted = effort.get().name().toLowerCase(Locale.ROOT);
        String level = switch (effort.get()) {
            case NONE, MINIMAL -> generation.isPro() ? "low" : "minimal";
            case LOW -> "low";
            case MEDIUM -> generation.hasMedium() ? "medium" : "high";
            case HIGH, XHIGH -> "high";
        };
        if (!level.equals(wanted)) {
            warnings.say(FIELD, wanted + " became " + level + ", the nearest that this model has");
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
