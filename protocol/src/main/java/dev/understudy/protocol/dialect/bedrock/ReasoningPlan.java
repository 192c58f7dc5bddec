package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits.Vendor;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The reasoning settings of a request, which Converse leaves to the fields of each model.
 *
 * @param budget in tokens, for Claude models with a budget; 0 otherwise
 * @param adaptive for Claude models that decide themselves
 * @param effort in the vendor's words; empty for none
 * @param vendor the model's vendor
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html">Claude</a>
 * @see <a href="https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html">Nova</a>
 */
record ReasoningPlan(long budget, boolean adaptive, String effort, Vendor vendor) {
    /** The vendors whose models have a reasoning setting on Bedrock. */
    private static final Set<Vendor> CONTROLLED = Set.of(Vendor.ANTHROPIC, Vendor.AMAZON, Vendor.OPENAI);

    /** Why reasoning is switched off where the last tool calls come without the reasoning that led to them. */
    static final String LACKS_REASONING = "reasoning: dropped, the last tool call has no reasoning";

    private static final long SMALLEST_BUDGET = 1_024;

    static ReasoningPlan of(
            NeutralRequest request,
            List<Turn> turns,
            boolean toolForced,
            Vendor vendor,
            ModelCapabilities capabilities,
            Set<String> warnings) {
        ReasoningSettings asked = request.reasoning();
        Optional<ReasoningSettings.Effort> effort = asked.asEffort();
        ReasoningPlan none = new ReasoningPlan(0, false, "", vendor);
        if (effort.isEmpty()) {
            return none;
        }
        if (capabilities.reasoningControl() == ModelCapabilities.ReasoningControl.NONE
                || !CONTROLLED.contains(vendor)) {
            if (effort.get() != ReasoningSettings.Effort.NONE) {
                warnings.add("reasoning: dropped, the model has no reasoning setting");
            }
            return none;
        }
        if (vendor == Vendor.OPENAI) {
            return new ReasoningPlan(0, false, lowToHigh(effort.get(), warnings), vendor);
        } else if (effort.get() == ReasoningSettings.Effort.NONE) {
            return none;
        } else if (vendor == Vendor.AMAZON) {
            return new ReasoningPlan(0, false, lowToHigh(effort.get(), warnings), vendor);
        } else if (toolForced) {
            warnings.add("reasoning: dropped, Claude does not support it with a forced tool call");
            return none;
        }
        return switch (capabilities.reasoningControl()) {
            case ADAPTIVE -> new ReasoningPlan(0, true, claudes(effort.get()), vendor);
            case EFFORT -> new ReasoningPlan(0, false, claudes(effort.get()), vendor);
            case NONE, BUDGET, UNKNOWN -> budgeted(request, turns, none, warnings);
        };
    }

    private static ReasoningPlan budgeted(
            NeutralRequest request, List<Turn> turns, ReasoningPlan none, Set<String> warnings) {
        if (continuesWithoutReasoning(turns)) {
            warnings.add(LACKS_REASONING);
            return none;
        }
        long budget = Math.max(SMALLEST_BUDGET, request.reasoning().asBudget().orElse(SMALLEST_BUDGET));
        OptionalLong most = request.sampling().maxTokens();
        if (most.isPresent() && most.getAsLong() <= budget) {
            // The answer needs room after the reasoning.
            budget = Math.max(SMALLEST_BUDGET, most.getAsLong() / 2);
            if (budget >= most.getAsLong()) {
                warnings.add("reasoning: dropped, max_tokens is too small for it");
                return none;
            }
            warnings.add("reasoning: " + budget + " tokens to fit into max_tokens");
        }
        return new ReasoningPlan(budget, false, "", none.vendor());
    }

    /** A Claude model with reasoning requires the reasoning that led to the tool calls whose results are sent. */
    private static boolean continuesWithoutReasoning(List<Turn> turns) {
        if (turns.size() < 2 || turns.getLast().parts().stream().noneMatch(part -> part instanceof Part.ToolResult)) {
            return false;
        }
        return turns.get(turns.size() - 2).parts().stream()
                .findFirst()
                .filter(part -> part instanceof Part.Reasoning)
                .isEmpty();
    }

    private static String lowToHigh(ReasoningSettings.Effort effort, Set<String> warnings) {
        String nearest = switch (effort) {
            case NONE, MINIMAL, LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH, XHIGH -> "high";
        };
        if (!effort.word().equals(nearest)) {
            warnings.add("reasoning_effort: " + effort.word() + " became " + nearest);
        }
        return nearest;
    }

    private static String claudes(ReasoningSettings.Effort effort) {
        return switch (effort) {
            case NONE, MINIMAL, LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case XHIGH -> "max";
        };
    }

    /** Whether a Claude model reasons and therefore refuses sampling parameters. */
    boolean fixesSampling() {
        return vendor == Vendor.ANTHROPIC && (budget > 0 || adaptive);
    }

    boolean saysNothing() {
        return budget == 0 && !adaptive && effort.isEmpty();
    }

    /** Writes the members of {@code additionalModelRequestFields}. */
    void write(JsonGenerator json) throws IOException {
        if (budget > 0 || adaptive) {
            json.writeObjectFieldStart("thinking");
            json.writeStringField("type", adaptive ? "adaptive" : "enabled");
            if (!adaptive) {
                json.writeNumberField("budget_tokens", budget);
            }
            json.writeEndObject();
        }
        if (effort.isEmpty()) {
            return;
        }
        switch (vendor) {
            case ANTHROPIC -> {
                json.writeObjectFieldStart("output_config");
                json.writeStringField("effort", effort);
                json.writeEndObject();
            }
            case AMAZON -> {
                json.writeObjectFieldStart("reasoningConfig");
                json.writeStringField("type", "enabled");
                json.writeStringField("maxReasoningEffort", effort);
                json.writeEndObject();
            }
            case OPENAI, MISTRAL, DEEPSEEK, GOOGLE, OTHER -> json.writeStringField("reasoning_effort", effort);
        }
    }
}
