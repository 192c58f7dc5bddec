package dev.understudy.protocol.neutral;

import dev.understudy.engine.Failure;
import java.util.OptionalLong;

/**
 * An event of a stream, independent of dialects.
 *
 * <p>A complete stream is {@link Begin}, content, one {@link Ended} for each choice, optionally {@link Counted} before
 * or after it, and {@link Done}. The content of a choice is in reading order; the deltas of a tool call follow its
 * {@link ToolCallBegan} and may be interleaved with those of other calls, as {@code call} says.
 */
public sealed interface StreamEvent {

    /** The start of the stream. Some proxies send a second one, which is ignored. */
    record Begin(String id, String model, OptionalLong created) implements StreamEvent {}

    /**
     * More text.
     *
     * @param logprobs of its tokens, in OpenAI's form (JSON); empty if there are none
     */
    record TextDelta(int choice, String text, String logprobs) implements StreamEvent {
        public static TextDelta of(int choice, String text) {
            return new TextDelta(choice, text, "");
        }
    }

    /** More text of a refusal. */
    record RefusalDelta(int choice, String text) implements StreamEvent {}

    /**
     * More reasoning.
     *
     * @param origin the dialect of the vendor that reasoned
     */
    record ReasoningDelta(int choice, String text, String origin) implements StreamEvent {}

    /** The reasoning so far is complete, and this is to be sent back with it; see {@link Part.Reasoning}. */
    record ReasoningSealed(int choice, String signature, String hidden, String origin) implements StreamEvent {}

    /**
     * A tool call begins.
     *
     * @param call the index of the call within the choice, from 0
     * @param signature see {@link Part.ToolCall}
     */
    record ToolCallBegan(int choice, int call, String id, String name, String signature) implements StreamEvent {}

    /**
     * More of a call's arguments.
     *
     * @param json a piece of the text of a JSON object; the pieces together are the object
     */
    record ToolCallDelta(int choice, int call, String json) implements StreamEvent {}

    /** Media, in one piece. */
    record MediaCame(int choice, Part.Media media) implements StreamEvent {}

    /** A source of the text so far. */
    record Cited(int choice, Part.Citation citation) implements StreamEvent {}

    /** A part that only its own dialect has. It counts as content, and other dialects drop it. */
    record ForeignCame(int choice, Part.Foreign foreign) implements StreamEvent {}

    /** The end of one choice. */
    record Ended(int choice, Finish finish) implements StreamEvent {}

    /** Usage so far; later counts replace earlier ones ({@link Tokens#or}). */
    record Counted(Tokens tokens) implements StreamEvent {}

    /** An error in place of the rest. */
    record Failed(Failure failure) implements StreamEvent {}

    /** A keep-alive. */
    record Ping() implements StreamEvent {}

    /** The stream's own end mark ({@code [DONE]}, {@code message_stop}). */
    record Done() implements StreamEvent {}
}
