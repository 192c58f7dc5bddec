package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.json.Members;

/**
 * Reads whether a request asks for reasoning: {@code thinking}. An effort in {@code output_config} is one of the whole answer
 * and says nothing about it.
 */
final class ReasoningFacts {
    private ReasoningFacts() {}

    static ReasoningChoice of(Members members) {
        int index = members.indexOf("thinking");
        return index < 0
                ? ReasoningChoice.UNSAID
                : ReasoningChoice.valueOf(members, index)
                        .map(ReasoningChoice::ofThinking)
                        .orElse(ReasoningChoice.UNSAID);
    }
}
