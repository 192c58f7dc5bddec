package dev.understudy.protocol.dialect;

import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.function.Consumer;

/**
 * Reads the frames of one stream, without building trees: it runs for each token, also where bytes are passed through.
 * Not thread-safe.
 */
public interface StreamReader {

    /**
     * Reads the next frame and emits its events: none, one or several.
     *
     * <p>An error in the stream is emitted as {@link StreamEvent.Failed}. A frame of an unknown type emits nothing.
     *
     * @return false if it cannot be read: no well-formed JSON, or not of the shape that its type has
     */
    boolean read(Frame frame, Consumer<StreamEvent> to);

    /**
     * Reads the next frame of a stream that is passed through as it comes, of which only the facts matter.
     *
     * @return false if it cannot be read; facts of its beginning may have been reported then
     */
    default boolean readFacts(Frame frame, AnswerFacts facts) {
        return read(frame, facts::take);
    }

    /**
     * How far the stream has come, for a continuation to be appended. While {@link #isClientCallOpen} it is the
     * position before the first of the open calls: half a call is of no use.
     */
    StreamPosition position();

    /** Whether a call of one of the client's own tools has begun and is not complete. */
    default boolean isClientCallOpen() {
        return false;
    }

    /**
     * Whether a call has begun, in a choice that has not ended, whose name has not come. It is not among the events, since no
     * other dialect has a form for it; the end of such a stream cannot be believed.
     */
    default boolean isNamelessCallOpen() {
        return false;
    }

    /** Whether a tool that the provider runs is at work: the stream may pause for long. */
    default boolean isProviderToolOpen() {
        return false;
    }

    /** Whether something is open that no other dialect has, so that no other target could continue the stream. */
    default boolean isForeignOpen() {
        return false;
    }

    /** Whether the last frame belongs to reasoning, even if it emitted no event: its start or its end. */
    default boolean saidReasoning() {
        return false;
    }
}
