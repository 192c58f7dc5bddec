package dev.understudy.protocol.sse;

/**
 * Receives what an {@link SseDecoder} finds, in the order of the stream.
 *
 * <p>The raw ranges follow each other without gap or overlap: together they are the stream
 * itself, except for a byte order mark at its start. Arrays are valid until the method returns.
 */
public interface SseHandler {

    /** A whole event: one that has data or a name. */
    void event(SseEvent event);

    /**
     * A block without an event: comments, a lone {@code id} or {@code retry}, blank lines. It shows that the connection is
     * alive.
     */
    void ping(byte[] array, int offset, int length);

    /**
     * The stream ended inside a line: these bytes are the rest, and no event. They may be half of one, so their apparent meaning must not
     * be used.
     */
    void cut(byte[] array, int offset, int length);

    /**
     * An event exceeded the limit. Reported once; the decoder ignores all further bytes.
     *
     * @param limit the limit, in bytes
     */
    void overflow(int limit);
}
