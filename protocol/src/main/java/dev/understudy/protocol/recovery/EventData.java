package dev.understudy.protocol.recovery;

import dev.understudy.protocol.sse.SseEvents;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Takes the data out of the raw bytes of one event. */
final class EventData {

    private EventData() {}

    /** The event's data; empty if there is none, as in a comment. */
    static Optional<byte[]> of(byte[] raw, int offset, int length) {
        AtomicReference<Optional<byte[]>> data = new AtomicReference<>(Optional.empty());
        SseEvents.each(raw, offset, length, event -> {
            if (event.dataLength() > 0) {
                int from = event.dataOffset();
                data.set(Optional.of(Arrays.copyOfRange(event.data(), from, from + event.dataLength())));
            }
        });
        return data.get();
    }
}
