package dev.understudy.protocol.dialect;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * Writes the frames of one stream. Not thread-safe.
 *
 * <p>The end of a stream (finish reason, usage) may depend on events after {@link StreamEvent.Ended}: a writer may hold
 * it back until {@link StreamEvent.Done}, which comes exactly once, last, in every complete stream and in no other. So
 * a stream that fails is never written as a complete answer. Pings and failures are not given to a writer.
 */
public interface StreamWriter {

    /** Appends the frames of an event: none, one or several. */
    void write(StreamEvent event, ByteArrayOutputStream to);

    /** Why what came cannot be written for this caller; empty while it can. */
    default Optional<Failure> failure() {
        return Optional.empty();
    }

    /** How far the stream has come, for its continuation. */
    StreamPosition position();
}
