package dev.understudy.protocol.chat;

import dev.understudy.protocol.answer.AnswerText;
import dev.understudy.protocol.answer.Usage;
import java.util.ArrayList;
import java.util.List;
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

    /** Whether the pieces of calls are told, which only streams need. */
    final boolean tellsCalls;

    /** The pieces of calls in the choice at hand. */
    final List<CallPiece> calls = new ArrayList<>(0);

    /**
     * A piece of a tool call.
     *
     * @param whole whether the arguments are no text of JSON that could be cut: a custom tool's input, or an object
     */
    record CallPiece(long index, String id, String name, String arguments, boolean whole) {}

    ChatChunk(AnswerText text, boolean tellsCalls) {
        this.text = text;
        this.tellsCalls = tellsCalls;
    }

    void clear() {
        calls.clear();
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
