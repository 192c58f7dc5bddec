package dev.understudy.protocol.dialect;

import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which reasoning Claude accepts back. Anthropic's API and Amazon Bedrock accept the signatures of one another; what is
 * encrypted as a whole is sent back only to the API that it came from.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">Extended thinking: signatures are
 *     compatible across platforms</a>
 */
public final class ClaudeSignatures {
    private static final Set<String> APIS = Set.of("anthropic", "bedrock");

    private ClaudeSignatures() {}

    /**
     * Whether the reasoning can be sent to Claude.
     *
     * @param api the dialect of the request
     */
    public static boolean accepts(String api, Part.Reasoning reasoning) {
        if (reasoning.origin().equals(api)) {
            return !reasoning.signature().isEmpty() || !reasoning.hidden().isEmpty();
        }
        return APIS.contains(reasoning.origin()) && !reasoning.signature().isEmpty();
    }

    /**
     * The parts of a turn without reasoning that Claude refuses. Claude also refuses a turn of which some reasoning is missing:
     * where encrypted reasoning of the other API has to be left out, the rest of that API's reasoning is left out too.
     */
    public static List<Part> accepted(String api, List<Part> parts) {
        boolean incomplete = parts.stream()
                .anyMatch(part -> part instanceof Part.Reasoning reasoning
                        && APIS.contains(reasoning.origin())
                        && !reasoning.hidden().isEmpty()
                        && !accepts(api, reasoning));
        List<Part> accepted = new ArrayList<>(parts.size());
        for (Part part : parts) {
            if (!(part instanceof Part.Reasoning reasoning)
                    || (accepts(api, reasoning)
                            && (!incomplete || reasoning.origin().equals(api)))) {
                accepted.add(part);
            }
        }
        return accepted;
    }
}
