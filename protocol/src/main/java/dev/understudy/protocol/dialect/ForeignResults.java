package dev.understudy.protocol.dialect;

import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Content of tool results that only the caller's dialect has, such as Anthropic's {@code search_result}: another dialect gets it as
 * JSON text. Left out, the model would answer without what the tool found.
 *
 * @param request without such content
 * @param warnings one for each kind of content
 */
public record ForeignResults(NeutralRequest request, List<String> warnings) {
    public ForeignResults {
        warnings = List.copyOf(warnings);
    }

    /** @param to the target's dialect */
    public static ForeignResults asText(NeutralRequest request, String to) {
        Set<String> warnings = new LinkedHashSet<>();
        List<Turn> turns = new ArrayList<>();
        for (Turn turn : request.turns()) {
            List<Part> parts = new ArrayList<>();
            for (Part part : turn.parts()) {
                parts.add(part instanceof Part.ToolResult result ? result(result, to, warnings) : part);
            }
            turns.add(new Turn(turn.role(), parts, turn.name()));
        }
        return warnings.isEmpty()
                ? new ForeignResults(request, List.of())
                : new ForeignResults(request.withTurns(turns), List.copyOf(warnings));
    }

    private static Part result(Part.ToolResult result, String to, Set<String> warnings) {
        List<Part> content = new ArrayList<>();
        for (Part part : result.content()) {
            if (part instanceof Part.Foreign foreign && !foreign.dialect().equals(to)) {
                warnings.add("messages: " + foreign.kind() + " in a tool result was sent as JSON text");
                content.add(Part.Text.of(foreign.json()));
            } else {
                content.add(part);
            }
        }
        return new Part.ToolResult(result.id(), result.name(), content, result.failed());
    }
}
