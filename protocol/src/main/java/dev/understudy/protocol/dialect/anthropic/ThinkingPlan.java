package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.List;
import java.util.Optional;

/**
 * Decides how a model is told to think, so that the request stays one that Anthropic accepts: it does not let a model
 * think that must call a tool, that goes on with an assistant's turn, or whose last calls came without its thoughts.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">Extended thinking, important
 *     considerations</a>
 */
final class ThinkingPlan {
    private final NeutralRequest request;
    private final Claude claude;
    private final List<Turn> turns;
    private final List<String> warnings;

    /** @param turns as they will be written */
    ThinkingPlan(NeutralRequest request, Claude claude, List<Turn> turns, List<String> warnings) {
        this.request = request;
        this.claude = claude;
        this.turns = turns;
        this.warnings = warnings;
    }

    /** @param maxTokens which thoughts count towards */
    ThinkingSetting setting(long maxTokens) {
        ReasoningSettings reasoning = request.reasoning();
        Optional<Effort> effort = reasoning.asEffort();
        if (effort.isEmpty()) {
            return ThinkingSetting.USUAL;
        }
        if (effort.get() == Effort.NONE) {
            return claude.reasoningControl() == ModelCapabilities.ReasoningControl.ADAPTIVE
                    ? new ThinkingSetting("disabled", 0, "", Optional.empty())
                    : ThinkingSetting.USUAL;
        }
        return switch (claude.reasoningControl()) {
            case NONE -> {
                warnings.add("reasoning: dropped, the model does not think");
                yield ThinkingSetting.USUAL;
            }
            case EFFORT -> new ThinkingSetting("", 0, word(effort.get()), Optional.empty());
            case ADAPTIVE -> {
                String word = word(effort.get());
                yield mustCall()
                        ? new ThinkingSetting("", 0, word, Optional.empty())
                        : new ThinkingSetting("adaptive", 0, word, reasoning.shown());
            }
            case BUDGET, UNKNOWN -> budget(reasoning, maxTokens);
        };
    }

    private ThinkingSetting budget(ReasoningSettings reasoning, long maxTokens) {
        if (mustCall() || goesOn() || lacksThoughts()) {
            return ThinkingSetting.USUAL;
        }
        long wanted = Math.max(ThinkingSetting.LEAST, reasoning.asBudget().orElse(ThinkingSetting.LEAST));
        if (wanted < maxTokens) {
            return new ThinkingSetting("enabled", wanted, "", reasoning.shown());
        }
        if (maxTokens <= ThinkingSetting.LEAST) {
            warnings.add("reasoning: dropped, max_tokens leaves no room for it");
            return ThinkingSetting.USUAL;
        }
        // Some is left for the answer.
        long fits = Math.max(ThinkingSetting.LEAST, maxTokens / 5 * 4);
        warnings.add("reasoning: a budget of " + wanted + " tokens became " + fits + ", to fit into max_tokens");
        return new ThinkingSetting("enabled", fits, "", reasoning.shown());
    }

    private String word(Effort effort) {
        return switch (effort) {
            case NONE -> "";
            case MINIMAL -> {
                warnings.add("reasoning_effort: minimal became low, Anthropic's lowest");
                yield "low";
            }
            case LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case XHIGH -> claude.xhigh() ? "xhigh" : "max";
        };
    }

    private boolean mustCall() {
        boolean must = !request.tools().tools().isEmpty()
                && request.tools()
                        .choice()
                        .filter(choice -> choice instanceof Tools.Choice.Any || choice instanceof Tools.Choice.Named)
                        .isPresent();
        if (must) {
            warnings.add("reasoning: dropped, a model of Anthropic that has to call a tool does not think");
        }
        return must;
    }

    private boolean goesOn() {
        boolean goesOn = !turns.isEmpty() && turns.getLast().role() == Role.ASSISTANT && claude.prefills();
        if (goesOn) {
            warnings.add("reasoning: dropped, the model goes on with a turn that has begun");
        }
        return goesOn;
    }

    /** Whether the model is in the middle of using tools, and its thoughts about that are gone. */
    private boolean lacksThoughts() {
        for (int i = turns.size() - 2; i >= 0; i--) {
            Turn asks = turns.get(i);
            boolean results = turns.get(i + 1).parts().stream().anyMatch(Part.ToolResult.class::isInstance);
            if (asks.role() == Role.ASSISTANT && results) {
                boolean lacks = !(asks.parts().getFirst() instanceof Part.Reasoning);
                if (lacks) {
                    warnings.add("reasoning: dropped, the thoughts that led to the last calls of tools are not there");
                }
                return lacks;
            }
            if (asks.role() == Role.ASSISTANT) {
                return false;
            }
        }
        return false;
    }
}
