package dev.understudy.protocol.neutral;

import dev.understudy.engine.Failure;
import java.util.OptionalLong;

/**
 * What a stream says next, in no vendor's language.
 *
 * <p>A complete stream is {@link Begin}, contents, one {@link Ended} for each choice, perhaps {@link Counted} before or
 * after it, and {@link Done}. A choice's contents come in the order in which a reader of the answer meets them; a tool's
 * deltas follow its {@link ToolCallBegan} and may be interleaved with those of other tools only as {@code call} tells.
 */
public sealed interface StreamEvent {

    /** The first thing that is said. A second one is told by some proxies, and to be passed over. */
    record Begin(String id, String model, OptionalLong created) implements StreamEvent {}

    /**
     * More words.
     *
     * @param logprobs of these tokens, as OpenAI writes them (JSON); empty if there are none
     */
    record TextDelta(int choice, String text, String logprobs) implements StreamEvent {
        public static TextDelta of(int choice, String text) {
            return new TextDelta(choice, text, "");
        }
    }

    /** More words of a refusal. */
    record RefusalDelta(int choice, String text) implements StreamEvent {}

    /**
     * More thoughts.
     *
     * @param origin the dialect of the vendor who thought
     */
    record ReasoningDelta(int choice, String text, String origin) implements StreamEvent {}

    /**
     * The thoughts so far are complete, and this is what their vendor wants back with them; see {@link Part.Reasoning}.
     */
    record ReasoningSealed(int choice, String signature, String hidden, String origin) implements StreamEvent {}

    /**
     * The model begins to ask for a tool.
     *
     * @param call which of the choice's calls it is, from 0 in order of appearance
     * @param signature see {@link Part.ToolCall}
     */
    record ToolCallBegan(int choice, int call, String id, String name, String signature) implements StreamEvent {}

    /**
     * More of a tool's arguments.
     *
     * @param json a piece of the text of a JSON object; the pieces together are the object
     */
    record ToolCallDelta(int choice, int call, String json) implements StreamEvent {}

    /** Something to see or hear, in one piece. */
    record MediaCame(int choice, Part.Media media) implements StreamEvent {}

    /** Where the words so far come from. */
    record Cited(int choice, Part.Citation citation) implements StreamEvent {}

    /** Something that only its dialect has; told so that it counts as content, and dropped by other dialects. */
    record ForeignCame(int choice, Part.Foreign foreign) implements StreamEvent {}

    /** The terminal mark of one choice. */
    record Ended(int choice, Finish finish) implements StreamEvent {}

    /** Counts so far; later ones hold, and complete earlier ones ({@link Tokens#or}). */
    record Counted(Tokens tokens) implements StreamEvent {}

    /** An error in place of the rest. */
    record Failed(Failure failure) implements StreamEvent {}

    /** Nothing but a sign of life. */
    record Ping() implements StreamEvent {}

    /** The stream says of itself that it is over ({@code [DONE]}, {@code message_stop}). */
    record Done() implements StreamEvent {}
}
