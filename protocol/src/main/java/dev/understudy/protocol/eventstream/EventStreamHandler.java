package dev.understudy.protocol.eventstream;

/**
 * Hears what an {@link EventStreamDecoder} found, in the order of the wire.
 *
 * <p>The raw ranges of the frames follow each other without gap or overlap: put together they are the stream itself.
 * Arrays are borrowed: they are good until the method returns.
 */
public interface EventStreamHandler {

    /** A whole frame whose checksums are right. */
    void frame(EventStreamFrame frame);

    /** The stream ended inside a frame; these bytes are what came of it. */
    void cut(byte[] array, int offset, int length);

    /**
     * These bytes are no event stream: a checksum is wrong, a length impossible, a frame larger than the limit. Said
     * once; the decoder is deaf from then on.
     *
     * @param why one short sentence
     */
    void malformed(String why);
}
