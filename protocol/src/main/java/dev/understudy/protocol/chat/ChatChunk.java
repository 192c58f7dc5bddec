package dev.understudy.protocol.chat;

import dev.understudy.protocol.answer.AnswerText;
import dev.understudy.protocol.answer.Usage;
import java.util.OptionalLong;

/** What one event, or one whole body, says; used again for the next one. */
final class ChatChunk {
    boolean error;
    boolean choices;

    /** Text or a refusal that is not blank, audio, an image. */
    boolean words;

    boolean toolCall;

    /** Reasoning that is not blank. */
    boolean thinking;

    /** Anything of reasoning, blanks and seals included. */
    boolean reasoned;

    /** Text that is not empty, but blank. */
    boolean blanks;

    /** Something beside plain text and tool calls: a refusal, audio, an image, content in parts. */
    boolean special;

    long characters;
    boolean usage;
    private long promptTokens;
    private long completionTokens;
    private long totalTokens;

    /** Where the text of the deltas goes. */
    final AnswerText text;

    ChatChunk(AnswerText text) {
        this.text = text;
    }

    void clear() {
        error = false;
        choices = false;
        words = false;
        toolCall = false;
        thinking = false;
        reasoned = false;
        blanks = false;
        special = false;
        characters = 0;
        usage = false;
        promptTokens = -1;
        completionTokens = -1;
        totalTokens = -1;
    }

    boolean answers() {
        return words || toolCall;
    }

    void promptTokens(long count) {
        promptTokens = count;
    }

    void completionTokens(long count) {
        completionTokens = count;
    }

    void totalTokens(long count) {
        totalTokens = count;
    }

    Usage tokens() {
        return new Usage(count(promptTokens), count(completionTokens), count(totalTokens));
    }

    private static OptionalLong count(long tokens) {
        return tokens < 0 ? OptionalLong.empty() : OptionalLong.of(tokens);
    }
}
