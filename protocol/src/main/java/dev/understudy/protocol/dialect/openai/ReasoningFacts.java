package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.chat.ReasoningChoice;
import dev.understudy.protocol.json.JsonValue;
import dev.understudy.protocol.json.Members;

/**
 * Reads whether a request asks for reasoning, in every form that servers of Chat Completions take: {@code reasoning_effort}
 * (OpenAI), {@code reasoning} (OpenRouter), {@code thinking} (DeepSeek, LiteLLM), {@code enable_thinking} and {@code
 * thinking_budget} (Qwen), {@code chat_template_kwargs} (vLLM, SGLang) and {@code extra_body} (Gemini's address for OpenAI's
 * clients).
 */
final class ReasoningFacts {
    private ReasoningFacts() {}

    static ReasoningChoice of(Members members) {
        ReasoningChoice choice = ReasoningChoice.UNSAID;
        for (int i = 0; i < members.size(); i++) {
            choice = choice.and(
                    switch (members.name(i)) {
                        case "reasoning_effort" -> of(members, i, ReasoningChoice::ofEffort);
                        case "reasoning" -> of(members, i, ReasoningChoice::ofReasoning);
                        case "thinking" -> of(members, i, ReasoningChoice::ofThinking);
                        case "enable_thinking" -> of(members, i, ReasoningChoice::ofSwitch);
                        case "thinking_budget" -> of(members, i, ReasoningChoice::ofBudget);
                        case "chat_template_kwargs" -> of(members, i, ReasoningFacts::ofTemplate);
                        case "extra_body" -> of(members, i, ReasoningFacts::ofExtraBody);
                        default -> ReasoningChoice.UNSAID;
                    });
        }
        return choice;
    }

    private static ReasoningChoice of(Members members, int index, ReasoningChoice.Reading reading) {
        return ReasoningChoice.valueOf(members, index).map(reading::of).orElse(ReasoningChoice.UNSAID);
    }

    /** Variables of the model's chat template, which each family names in its own way. */
    private static ReasoningChoice ofTemplate(JsonValue value) {
        return value instanceof JsonValue.Obj variables
                ? ReasoningChoice.member(variables, "enable_thinking", ReasoningChoice::ofSwitch)
                        .or(ReasoningChoice.member(variables, "thinking", ReasoningChoice::ofThinking))
                        .or(ReasoningChoice.member(variables, "reasoning_effort", ReasoningChoice::ofEffort))
                : ReasoningChoice.UNSAID;
    }

    private static ReasoningChoice ofExtraBody(JsonValue value) {
        return value instanceof JsonValue.Obj extra
                ? ReasoningChoice.member(extra, "google", ReasoningFacts::ofGoogle)
                : ReasoningChoice.UNSAID;
    }

    private static ReasoningChoice ofGoogle(JsonValue value) {
        return value instanceof JsonValue.Obj google
                ? ReasoningChoice.member(google, "thinking_config", ReasoningChoice::ofThinkingConfig)
                : ReasoningChoice.UNSAID;
    }
}
