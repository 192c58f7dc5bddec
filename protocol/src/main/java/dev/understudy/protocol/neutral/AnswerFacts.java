package dev.understudy.protocol.neutral;

import dev.understudy.engine.Failure;

/**
 * Takes in what an answer contains as far as it decides whether the answer is good: the same as {@link StreamEvent}s, with
 * sizes in place of contents and without an object for each token. A reader that passes bytes through tells these facts
 * directly; every other reader tells events, from which {@link #take} derives them.
 *
 * <p>A choice begins with its first content, or with its end. That a provider names a choice, with a role, a citation or
 * values that are no content, is no fact: such a choice has nothing that could be cut, and a stray one must not keep the
 * others from being complete.
 */
public interface AnswerFacts {

    /** Whether the text of the answer is wanted: if not, {@link #text} may be given {@code ""}. */
    boolean keepsText();

    /** The answer has begun. */
    void began(StreamEvent.Begin begin);

    /**
     * More text of a choice.
     *
     * @param text as far as it is wanted
     * @param characters how many UTF-16 units it has
     * @param blank whether no character in it is visible
     */
    void text(int choice, CharSequence text, long characters, boolean blank);

    /** More text that is not plain text: a refusal, or text inside of content parts. */
    void specialText(int choice, long characters, boolean blank);

    /** Content beside text and tool calls: media, or something that only its dialect has. */
    void otherContent(int choice);

    /**
     * More reasoning.
     *
     * @param blank whether no character in it is visible
     */
    void reasoning(int choice, boolean blank);

    /** The reasoning so far is complete: its signature has come. */
    void reasoningSealed(int choice);

    /**
     * The beginning or more of a tool call.
     *
     * @param call which of the choice's calls it is, from 0
     * @param arguments a piece of the text of a JSON object
     */
    void toolCall(int choice, int call, CharSequence arguments);

    /** The beginning or more of a call whose arguments are no text of JSON: a custom tool's, or a whole object. */
    void uncheckedToolCall(int choice);

    void ended(int choice, Finish finish);

    void counted(Tokens tokens);

    void failed(Failure failure);

    void ping();

    void done();

    /** What an event amounts to. */
    default void take(StreamEvent event) {
        switch (event) {
            case StreamEvent.Begin begin -> began(begin);
            case StreamEvent.TextDelta delta ->
                text(delta.choice(), delta.text(), delta.text().length(), InvisibleCharacters.only(delta.text()));
            case StreamEvent.RefusalDelta delta ->
                specialText(delta.choice(), delta.text().length(), InvisibleCharacters.only(delta.text()));
            case StreamEvent.ReasoningDelta delta -> {
                if (!delta.text().isEmpty()) {
                    reasoning(delta.choice(), InvisibleCharacters.only(delta.text()));
                }
            }
            case StreamEvent.ReasoningSealed seal -> reasoningSealed(seal.choice());
            case StreamEvent.ToolCallBegan call -> toolCall(call.choice(), call.call(), "");
            case StreamEvent.ToolCallDelta delta -> toolCall(delta.choice(), delta.call(), delta.json());
            case StreamEvent.MediaCame came -> otherContent(came.choice());
            case StreamEvent.ForeignCame came -> otherContent(came.choice());
            case StreamEvent.Cited cited -> {}
            case StreamEvent.Ended ended -> ended(ended.choice(), ended.finish());
            case StreamEvent.Counted count -> counted(count.tokens());
            case StreamEvent.Failed failed -> failed(failed.failure());
            case StreamEvent.Ping ping -> ping();
            case StreamEvent.Done done -> done();
        }
    }
}
