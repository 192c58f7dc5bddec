package dev.understudy.protocol.chat.recovery;

import dev.understudy.protocol.sse.SseDecoder;
import dev.understudy.protocol.sse.SseEvent;
import dev.understudy.protocol.sse.SseHandler;
import java.util.Arrays;
import java.util.Optional;

/** Takes the data out of the raw bytes of one event. */
final class EventData implements SseHandler {
    private Optional<byte[]> data = Optional.empty();

    private EventData() {}

    /** The event's data; empty if there is none, as in a comment. */
    static Optional<byte[]> of(byte[] raw, int offset, int length) {
        if (length == 0) {
            return Optional.empty();
        }
        EventData found = new EventData();
        SseDecoder decoder = new SseDecoder(length);
        decoder.feed(raw, offset, length, found);
        decoder.end(found);
        return found.data;
    }

    @Override
    public void event(SseEvent event) {
        if (event.dataLength() > 0) {
            data = Optional.of(
                    Arrays.copyOfRange(event.data(), event.dataOffset(), event.dataOffset() + event.dataLength()));
        }
    }

    @Override
    public void ping(byte[] array, int offset, int length) {
        // The line feed of a CRLF whose CR came with the event before.
    }

    @Override
    public void cut(byte[] array, int offset, int length) {
        // Half a line is no event; the stream that was read first saw none either.
    }

    @Override
    public void overflow(int limit) {
        throw new IllegalStateException("an event larger than itself");
    }
}
