package dev.understudy.spring;

import dev.understudy.engine.FailureKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * What a model answered.
 *
 * @param response the response; of a stream, the part with which it ended
 * @param isBlank whether nothing is in it where content is due
 * @param isFiltered whether nothing is in it because a content filter of the provider withheld it
 */
record ModelAnswer(ChatResponse response, boolean isBlank, boolean isFiltered) {
    /** In the metadata of an answer of OpenAI's models: why it refuses. */
    private static final String REFUSAL = "refusal";
    /** Google's and Anthropic's models mark parts of their reasoning with it. */
    private static final String IS_THOUGHT = "isThought";

    private static final List<String> REASONING = List.of("reasoningContent", "thinking");
    private static final Set<String> CUT_OR_STOPPED = Set.of("LENGTH", "MAX_TOKENS", "STOP_SEQUENCE");
    /** The finish reasons of withheld answers at OpenAI and Azure, Anthropic, Bedrock, Google and Zhipu. */
    private static final Set<String> WITHHELD = Set.of(
            "CONTENT_FILTER",
            "REFUSAL",
            "CONTENT_FILTERED",
            "GUARDRAIL_INTERVENED",
            "SAFETY",
            "RECITATION",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION",
            "SENSITIVE");

    static ModelAnswer whole(ChatResponse response, @Nullable ChatOptions options) {
        return ended(response, hasContent(response), options);
    }

    /**
     * An answer that has come to its end.
     *
     * @param end the response; of a stream, the part with which it ended
     * @param contentCame whether anything came for the caller
     */
    static ModelAnswer ended(ChatResponse end, boolean contentCame, @Nullable ChatOptions options) {
        boolean filtered = !contentCame && end.hasFinishReasons(WITHHELD);
        return new ModelAnswer(end, !contentCame && !filtered && !mayBeBlank(end, options), filtered);
    }

    /** What became of it, as in trails. */
    String outcome() {
        if (isFiltered) {
            return FailureKind.CONTENT_POLICY.wireName();
        }
        return isBlank ? FailureKind.EMPTY.wireName() : "ok";
    }

    /** Whether the caller's own limits explain that nothing came: a stop sequence, or a maximum of tokens. */
    private static boolean mayBeBlank(ChatResponse response, @Nullable ChatOptions options) {
        if (options == null) {
            return false;
        }
        List<String> stop = options.getStopSequences();
        boolean stops = stop != null && !stop.isEmpty();
        Integer maxTokens = options.getMaxTokens();
        boolean limited = maxTokens != null && response.hasFinishReasons(CUT_OR_STOPPED);
        return stops || limited || (maxTokens != null && maxTokens <= 1);
    }

    /** Whether a part of a stream, or an answer, has something for the caller: text, tool calls, media or a refusal. */
    static boolean hasContent(ChatResponse response) {
        return response.getResults().stream().anyMatch(ModelAnswer::hasContent);
    }

    private static boolean hasContent(Generation generation) {
        AssistantMessage message = generation.getOutput();
        return (hasText(message) && !isThought(message))
                || message.hasToolCalls()
                || !message.getMedia().isEmpty()
                || isFilled(message.getMetadata().get(REFUSAL));
    }

    /** Whether a part of a stream shows that the model reasons. */
    static boolean hasReasoning(ChatResponse response) {
        return response.getResults().stream().map(Generation::getOutput).anyMatch(ModelAnswer::isReasoning);
    }

    private static boolean isReasoning(AssistantMessage message) {
        Map<String, Object> metadata = message.getMetadata();
        return (hasText(message) && isThought(message))
                || REASONING.stream().anyMatch(key -> isFilled(metadata.get(key)));
    }

    private static boolean isThought(AssistantMessage message) {
        Object mark = message.getMetadata().get(IS_THOUGHT);
        return mark != null && Boolean.parseBoolean(mark.toString());
    }

    private static boolean hasText(AssistantMessage message) {
        return isFilled(message.getText());
    }

    private static boolean isFilled(@Nullable Object text) {
        return text instanceof String string && !string.isBlank();
    }

    /** Whether the model says that its answer ends here. */
    static boolean isFinished(ChatResponse response) {
        return response.getResults().stream()
                .map(generation -> generation.getMetadata().getFinishReason())
                .anyMatch(ModelAnswer::isFilled);
    }

    /** How much text there is. */
    static int characters(ChatResponse response) {
        int characters = 0;
        for (Generation generation : response.getResults()) {
            String text = generation.getOutput().getText();
            characters += text == null ? 0 : text.length();
        }
        return Math.max(1, characters);
    }
}
