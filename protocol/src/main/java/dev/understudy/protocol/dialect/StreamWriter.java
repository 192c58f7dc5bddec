package dev.understudy.protocol.dialect;

import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;

/**
 * Writes the frames of one stream. Not for several threads at a time.
 *
 * <p>What a dialect says at its end (why the answer ended, what it cost) may have to wait for events that come after
 * {@link StreamEvent.Ended}: a writer may keep that back until {@link StreamEvent.Done}, which comes exactly once, last,
 * in every complete stream and in no other. So what a stream that breaks off has written is never a complete answer.
 * Pings and failures are not told to it.
 */
public interface StreamWriter {

    /** Appends the frames that say this: none, one or several. */
    void write(StreamEvent event, ByteArrayOutputStream to);

    /** How far the stream has come, for another one to go on from there. */
    StreamPosition position();
}
