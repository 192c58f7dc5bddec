package dev.understudy.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.understudy.protocol.neutral.InvisibleCharacters;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What requests and responses of chat models are to a chain. */
final class ChatAnswers {
    private ChatAnswers() {}

    /**
     * Whether a response has nothing in it where content is due. It has none due where the caller's own limit of tokens or one
     * of its stop sequences ended it.
     */
    static boolean isBlank(ChatRequest request, ChatResponse response) {
        AiMessage message = response.aiMessage();
        if (message.hasToolExecutionRequests() || !message.images().isEmpty()) {
            return false;
        }
        boolean atTheCallersLimit =
                response.finishReason() == FinishReason.LENGTH && Objects.nonNull(request.maxOutputTokens());
        boolean atAStopSequence = response.finishReason() == FinishReason.STOP
                && Objects.nonNull(request.stopSequences())
                && !request.stopSequences().isEmpty();
        return !atTheCallersLimit && !atAStopSequence && isInvisible(message.text());
    }

    /** Whether a content filter of the provider left nothing of a response. Another model would answer what this one must not. */
    static boolean isFiltered(ChatResponse response) {
        AiMessage message = response.aiMessage();
        return response.finishReason() == FinishReason.CONTENT_FILTER
                && !message.hasToolExecutionRequests()
                && message.images().isEmpty()
                && isInvisible(message.text());
    }

    static boolean isInvisible(@Nullable String text) {
        return text == null || InvisibleCharacters.only(text);
    }

    /** About how many characters of text a request has. */
    static long size(ChatRequest request) {
        long size = 0;
        for (ChatMessage message : request.messages()) {
            size += size(message);
        }
        return size;
    }

    private static long size(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> length(system.text());
            case AiMessage answer -> length(answer.text());
            case UserMessage user ->
                user.contents().stream().mapToLong(ChatAnswers::size).sum();
            case ToolExecutionResultMessage result ->
                result.contents().stream().mapToLong(ChatAnswers::size).sum();
            default -> 0;
        };
    }

    private static long size(Content content) {
        return content instanceof TextContent text ? length(text.text()) : 0;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
