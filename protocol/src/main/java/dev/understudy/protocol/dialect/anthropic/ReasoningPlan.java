package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.JsonFields;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ReasoningSettings;
import dev.understudy.protocol.neutral.ReasoningSettings.Effort;
import dev.understudy.protocol.neutral.Tools;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides which reasoning settings a request gets, so that Anthropic accepts it. With a budget, Anthropic refuses
 * reasoning where a tool call is forced, where an assistant turn is continued, and where the last tool calls come
 * without the reasoning that led to them.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">Extended thinking, important
 *     considerations</a>
 */
final class ReasoningPlan {
    /** Why reasoning is switched off where the last tool calls come without the reasoning that led to them. */
    static final String LACKS_REASONING = "reasoning: dropped, the reasoning before the last tool calls is missing";

    private final NeutralRequest request;
    private final Claude claude;
    private final List<Turn> turns;
    private final List<String> warnings;

    /** @param turns as they will be written */
    ReasoningPlan(NeutralRequest request, Claude claude, List<Turn> turns, List<String> warnings) {
        this.request = request;
        this.claude = claude;
        this.turns = turns;
        this.warnings = warnings;
    }

    /** @param maxTokens the output limit, which includes reasoning */
    ReasoningSetting setting(long maxTokens) {
        ReasoningSettings reasoning = request.reasoning();
        Optional<Effort> effort = reasoning.asEffort();
        if (effort.isEmpty()) {
            return ReasoningSetting.USUAL;
        }
        if (effort.get() == Effort.NONE) {
            return claude.reasoningControl() == ModelCapabilities.ReasoningControl.ADAPTIVE
                    ? new ReasoningSetting("disabled", 0, "", Optional.empty())
                    : ReasoningSetting.USUAL;
        }
        return switch (claude.reasoningControl()) {
            case NONE -> {
                warnings.add("reasoning: dropped, not supported by this model");
                yield ReasoningSetting.USUAL;
            }
            case EFFORT -> new ReasoningSetting("", 0, word(effort.get()), Optional.empty());
            case ADAPTIVE -> {
                String word = word(effort.get());
                yield mustCall()
                        ? new ReasoningSetting("", 0, word, Optional.empty())
                        : new ReasoningSetting("adaptive", 0, word, reasoning.shown());
            }
            case BUDGET, UNKNOWN -> budget(reasoning, maxTokens);
        };
    }

    private ReasoningSetting budget(ReasoningSettings reasoning, long maxTokens) {
        if (mustCall() || continuesTurn() || lacksReasoning()) {
            return ReasoningSetting.USUAL;
        }
        long wanted = Math.max(ReasoningSetting.LEAST, reasoning.asBudget().orElse(ReasoningSetting.LEAST));
        if (wanted < maxTokens) {
            return new ReasoningSetting("enabled", wanted, "", reasoning.shown());
        }
        if (maxTokens <= ReasoningSetting.LEAST) {
            warnings.add("reasoning: dropped, max_tokens is too small for it");
            return ReasoningSetting.USUAL;
        }
        // A fifth is left for the answer.
        long fits = Math.max(ReasoningSetting.LEAST, maxTokens / 5 * 4);
        warnings.add("reasoning: a budget of " + wanted + " tokens changed to " + fits + ", to fit into max_tokens");
        return new ReasoningSetting("enabled", fits, "", reasoning.shown());
    }

    private String word(Effort effort) {
        return switch (effort) {
            case NONE -> "";
            case MINIMAL -> {
                warnings.add("reasoning_effort: minimal changed to low, Anthropic's lowest");
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
            warnings.add("reasoning: dropped, Anthropic does not support it with a forced tool call");
        }
        return must;
    }

    private boolean continuesTurn() {
        boolean continuesTurn = !turns.isEmpty() && turns.getLast().role() == Role.ASSISTANT && claude.prefills();
        if (continuesTurn) {
            warnings.add("reasoning: dropped, the model continues an assistant message");
        }
        return continuesTurn;
    }

    /** Whether the last tool calls, whose results are sent, come without their reasoning. */
    private boolean lacksReasoning() {
        for (int i = turns.size() - 2; i >= 0; i--) {
            Turn asks = turns.get(i);
            boolean results = turns.get(i + 1).parts().stream().anyMatch(Part.ToolResult.class::isInstance);
            if (asks.role() == Role.ASSISTANT && results) {
                boolean lacks = !(asks.parts().getFirst() instanceof Part.Reasoning);
                if (lacks) {
                    warnings.add(LACKS_REASONING);
                }
                return lacks;
            }
            if (asks.role() == Role.ASSISTANT) {
                return false;
            }
        }
        return false;
    }

    /**
     * The members {@code thinking} and {@code output_config.effort}.
     *
     * @param type {@code enabled}, {@code adaptive} or {@code disabled}; empty for no {@code thinking}
     * @param budget in tokens, for {@code enabled}
     * @param effort empty for none
     * @param shown whether the caller wants to see the reasoning
     * @see <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">Extended thinking</a>
     * @see <a href="https://platform.claude.com/docs/en/build-with-claude/effort">Effort</a>
     */
    record ReasoningSetting(String type, long budget, String effort, Optional<Boolean> shown) {
        /** The lowest budget that is accepted. */
        static final long LEAST = 1_024;

        static final ReasoningSetting USUAL = new ReasoningSetting("", 0, "", Optional.empty());

        boolean isOn() {
            return type.equals("enabled") || type.equals("adaptive");
        }

        void write(JsonGenerator json) throws IOException {
            if (type.isEmpty()) {
                return;
            }
            json.writeObjectFieldStart("thinking");
            json.writeStringField("type", type);
            if (type.equals("enabled")) {
                json.writeNumberField("budget_tokens", budget);
            }
            if (isOn() && shown.isPresent()) {
                json.writeStringField("display", shown.get() ? "summarized" : "omitted");
            }
            json.writeEndObject();
        }

        /** Reads both members. The default effort of adaptive reasoning is high. */
        static ReasoningSettings read(JsonFields reasoning, String effortWord) throws BadRequest {
            Optional<Effort> effort = effort(effortWord);
            OptionalLong budget = OptionalLong.empty();
            switch (reasoning.text("type")) {
                case "disabled" -> effort = Optional.of(Effort.NONE);
                case "adaptive" -> effort = effort.or(() -> Optional.of(Effort.HIGH));
                case "enabled" -> {
                    OptionalLong tokens = reasoning.integer("budget_tokens");
                    if (tokens.isPresent()) {
                        budget = OptionalLong.of(Math.max(LEAST, tokens.getAsLong()));
                    } else {
                        effort = effort.or(() -> Optional.of(Effort.MEDIUM));
                    }
                }
                default -> {}
            }
            Optional<Boolean> shown = switch (reasoning.text("display")) {
                case "summarized" -> Optional.of(true);
                case "omitted" -> Optional.of(false);
                default -> Optional.empty();
            };
            return new ReasoningSettings(effort, budget, shown);
        }

        private static Optional<Effort> effort(String word) {
            return switch (word) {
                case "low" -> Optional.of(Effort.LOW);
                case "medium" -> Optional.of(Effort.MEDIUM);
                case "high" -> Optional.of(Effort.HIGH);
                case "xhigh", "max" -> Optional.of(Effort.XHIGH);
                default -> Optional.empty();
            };
        }
    }
}
