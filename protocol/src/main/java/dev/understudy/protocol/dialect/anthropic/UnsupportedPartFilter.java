package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a conversation can be said to Anthropic. Blank texts are refused there; thoughts of other vendors, and its own
 * without the seal, mean nothing to it.
 */
final class UnsupportedPartFilter {
    private final Set<String> warnings = new LinkedHashSet<>();

    /** The turns without what cannot be said; a turn may be left with nothing. */
    List<Turn> turns(List<Turn> turns) {
        List<Turn> kept = new ArrayList<>();
        for (Turn turn : turns) {
            if (!turn.name().isEmpty()) {
                warnings.add("messages.name: dropped, Anthropic has none");
            }
            List<Part> parts = new ArrayList<>();
            for (Part part : turn.parts()) {
                if (isSayable(part, turn.role()) && !(part instanceof Part.CachePoint && parts.isEmpty())) {
                    parts.add(part);
                }
            }
            kept.add(Turn.of(turn.role(), parts));
        }
        return kept;
    }

    /** What was left out that the model could miss. */
    Set<String> warnings() {
        return warnings;
    }

    private boolean isSayable(Part part, Role role) {
        return switch (part) {
            case Part.Text text -> !text.text().isBlank();
            case Part.Refusal refusal -> !refusal.text().isBlank();
            case Part.Reasoning thinking ->
                thinking.origin().equals(AnthropicDialect.NAME)
                        && !(thinking.signature().isEmpty() && thinking.hidden().isEmpty());
            case Part.Foreign foreign -> isOwn(foreign);
            case Part.Media media -> {
                if (role != Role.USER) {
                    warnings.add("messages: media outside of the user's turns were left out, Anthropic takes none");
                }
                yield role == Role.USER;
            }
            case Part.ToolCall call -> true;
            case Part.ToolResult result -> true;
            case Part.CachePoint point -> true;
        };
    }

    private boolean isOwn(Part.Foreign foreign) {
        boolean own = foreign.dialect().equals(AnthropicDialect.NAME);
        if (!own) {
            warnings.add("messages: " + foreign.kind() + " of " + foreign.dialect() + " was left out");
        }
        return own;
    }
}
