package dev.understudy.protocol.dialect;

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

    /** How far the stream has come, for another one to go on from there. */
    Place place();
}
