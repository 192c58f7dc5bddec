package dev.understudy.protocol.answer;

import dev.understudy.engine.Failure;

/**
 * Receives what an {@link AnswerStream} read, event by event, in the order of the wire.
 *
 * <p>The ranges are the events' raw bytes, ready to be forwarded. Arrays are valid only until the method returns.
 */
public interface AnswerListener {

    /** What an event is worth. */
    enum EventKind {
        /**
         * Nothing that a reader of the answer would notice: roles, empty deltas, lifecycle events, blanks before any text.
         * The range is empty where the caller's dialect has no event for it.
         */
        NO_CONTENT,
        /**
         * Nothing but a sign of life: a comment, an event without data, {@code event: ping}. It belongs to no place in the
         * answer, so that it may be dropped. The range is empty where the stream is translated.
         */
        PING,
        /**
         * Reasoning and nothing else of the answer: text of it, seals, summaries, its beginning and its end. It shows that
         * the model works, and may be passed on, but it is no part of the answer.
         */
        REASONING,
        /**
         * A piece of a client tool call that is not complete yet, or something behind one. Told only by streams that hold
         * calls back ({@link StreamOptions#holdsToolCalls}); see {@link AnswerStream#toolCallOpen}.
         */
        TOOL_CALL,
        /**
         * Something of the answer: text, refusal, media, the result of a tool that the provider runs, a tool call that is
         * complete with this event (any piece of one, if calls are not held back). The first one is the commit point.
         */
        CONTENT,
        /** The terminal mark of all choices, perhaps with the last content. The answer is complete. */
        FINISH,
        /** The count of tokens, after the finish. */
        USAGE,
        /** {@code [DONE]}. */
        DONE,
        /** Something that has no place after the finish. The answer is complete; this is not to be forwarded. */
        IGNORED
    }

    /** An event was read. */
    void event(EventKind event, byte[] array, int offset, int length);

    /**
     * The stream failed: said at most once. The range is the event at fault, empty if it was the end of the stream.
     *
     * <p>Nothing follows, except where {@link Failure#hasDeliverableAnswer()} holds: then the answer is complete, if of little
     * use, and the rest of its events follows as after a finish.
     */
    void failed(Failure failure, byte[] array, int offset, int length);
}
