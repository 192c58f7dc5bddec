package dev.understudy.protocol.eventstream;

/**
 * Receives what an {@link EventStreamDecoder} finds, in the order of the stream.
 *
 * <p>The raw ranges of the frames follow each other without gap or overlap: together they are the stream itself.
 * Arrays are valid until the method returns.
 */
public interface EventStreamHandler {

    /** A whole frame with valid checksums. */
    void frame(EventStreamFrame frame);

    /** The stream ended inside a frame; these bytes are its beginning. */
    void cut(byte[] array, int offset, int length);

    /**
     * These bytes are no event stream: a checksum is wrong, a length impossible, a frame larger than the limit. Reported
     * once; the decoder ignores all further bytes.
     *
     * @param why one short sentence
     */
    void malformed(String why);
}
