package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.json.JsonValue;
import dev.understudy.protocol.json.Members;

/**
 * Reads whether a request asks for reasoning, which Converse leaves to each vendor's own members in {@code
 * additionalModelRequestFields}: {@code thinking} (Claude), {@code reasoningConfig} (Nova), {@code reasoning_config} (Claude in
 * Amazon's SDKs and DeepSeek) and {@code reasoning_effort} (gpt-oss).
 */
final class ReasoningFacts {
    private ReasoningFacts() {}

    static ReasoningChoice of(Members members) {
        int index = members.indexOf("additionalModelRequestFields");
        return index >= 0
                        && ReasoningChoice.valueOf(members, index).orElse(new JsonValue.Null())
                                instanceof JsonValue.Obj fields
                ? ReasoningChoice.member(fields, "thinking", ReasoningChoice::ofThinking)
                        .and(ReasoningChoice.member(fields, "reasoningConfig", ReasoningChoice::ofThinking))
                        .and(ReasoningChoice.member(fields, "reasoning_config", ReasoningFacts::ofConfig))
                        .and(ReasoningChoice.member(fields, "reasoning_effort", ReasoningChoice::ofEffort))
                : ReasoningChoice.UNSAID;
    }

    /** An object with a type, or a word for the effort. */
    private static ReasoningChoice ofConfig(JsonValue value) {
        return ReasoningChoice.ofThinking(value).or(ReasoningChoice.ofEffort(value));
    }
}
