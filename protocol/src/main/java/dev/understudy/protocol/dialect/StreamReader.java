package dev.understudy.protocol.dialect;

import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.function.Consumer;

/**
 * Reads the frames of one stream, without making trees of them: it runs for each token also where bytes are passed
 * through as they came. Not for several threads at a time.
 */
public interface StreamReader {

    /**
     * Reads the next frame and tells what it says: nothing, one event or several.
     *
     * <p>An error in the stream is told as {@link StreamEvent.Failed}. A frame of a type that nobody here has heard of
     * says nothing.
     *
     * @return false if it cannot be read: no well-formed JSON, or not of the shape that its type has
     */
    boolean read(Frame frame, Consumer<StreamEvent> to);

    /**
     * Reads the next frame of a stream that is passed through as it comes, of which only the facts are of interest.
     *
     * @return false if it cannot be read; facts of its beginning may have been told then
     */
    default boolean readFacts(Frame frame, AnswerFacts facts) {
        return read(frame, facts::take);
    }

    /**
     * How far the stream has come, for another one to be appended there. While {@link #isClientCallOpen} that is the place
     * before the first of the open calls: half a call is of no use to anybody.
     */
    StreamPosition position();

    /** Whether a call of one of the client's own tools has begun and is not complete. */
    default boolean isClientCallOpen() {
        return false;
    }

    /** Whether a tool that the provider runs itself is at work: its silence may be long. */
    default boolean isProviderToolOpen() {
        return false;
    }

    /** Whether something is open that no other dialect has, so that no other target could continue the stream. */
    default boolean isForeignOpen() {
        return false;
    }

    /** Whether the last frame belongs to reasoning, also if it told no event: its beginning or its end. */
    default boolean saidReasoning() {
        return false;
    }
}
