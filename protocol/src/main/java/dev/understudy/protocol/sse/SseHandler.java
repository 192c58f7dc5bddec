package dev.understudy.protocol.sse;

/**
 * Hears what an {@link SseDecoder} found, in the order of the wire.
 *
 * <p>The raw ranges that are handed over follow each other without gap or overlap: put together they are the stream
 * itself, but for a byte order mark at its start. Arrays are borrowed: they are good until the method returns.
 */
public interface SseHandler {

    /** A whole event: one that has data or a name. */
    void event(SseEvent event);

    /**
     * A block of no consequence: comments, a lone {@code id} or {@code retry}, blank lines. It shows that the connection
     * lives.
     */
    void ping(byte[] array, int offset, int length);

    /**
     * The stream ended inside a line: these bytes are the rest, and no event. They may be half of one, so they must not
     * be taken for what they seem to say.
     */
    void cut(byte[] array, int offset, int length);

    /**
     * An event grew beyond the limit. Said once; the decoder is deaf from then on.
     *
     * @param limit the limit, in bytes
     */
    void overflow(int limit);
}
