package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.ModelTraits;

/** Groups of models behind Chat Completions servers that refuse different things. The model's traits tell the group. */
enum ModelFamily {
    /** OpenAI's models that do not reason. */
    OPENAI,
    /** OpenAI's reasoning models, which refuse sampling parameters. */
    OPENAI_REASONING,
    /** Mistral's own service, which refuses every field that it does not know. */
    MISTRAL,
    /** DeepSeek's own service: it enforces no schema, and requires the reasoning before a tool call. */
    DEEPSEEK,
    /** Models of other vendors that require the reasoning before a tool call: Moonshot, Zhipu, MiniMax. */
    INTERLEAVED,
    /** Google's models, which require the signatures of tool calls. */
    GEMINI,
    OTHER;

    static ModelFamily of(ModelTraits traits) {
        return switch (traits.service()) {
            case OPENAI -> traits.sampling() == ModelTraits.SamplingRule.WITHOUT_REASONING ? OPENAI_REASONING : OPENAI;
            case MISTRAL -> MISTRAL;
            case DEEPSEEK -> traits.has(ModelTraits.Flag.NO_REASONING_CONTENT) ? OTHER : DEEPSEEK;
            case GOOGLE -> GEMINI;
            case AMAZON, ANTHROPIC, OTHER ->
                traits.has(ModelTraits.Flag.REASONING_BACK) && !traits.has(ModelTraits.Flag.NO_REASONING_CONTENT)
                        ? INTERLEAVED
                        : OTHER;
        };
    }

    boolean isOpenAi() {
        return this == OPENAI || this == OPENAI_REASONING;
    }
}
