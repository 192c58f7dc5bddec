package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;

/**
 * Reads whether a request asks for reasoning: {@code reasoning}, and {@code background}, which is meant for work of minutes.
 */
final class ReasoningFacts {
    private ReasoningFacts() {}

    static ReasoningChoice of(Members members) {
        ReasoningChoice choice = ReasoningChoice.UNSAID;
        for (int i = 0; i < members.size(); i++) {
            choice = choice.and(
                    switch (members.name(i)) {
                        case "reasoning" ->
                            ReasoningChoice.valueOf(members, i)
                                    .map(ReasoningChoice::ofReasoning)
                                    .orElse(ReasoningChoice.UNSAID);
                        case "background" ->
                            members.kind(i) == ValueKind.TRUE ? ReasoningChoice.ON : ReasoningChoice.UNSAID;
                        default -> ReasoningChoice.UNSAID;
                    });
        }
        return choice;
    }
}
