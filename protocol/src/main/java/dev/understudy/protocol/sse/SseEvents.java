package dev.understudy.protocol.sse;

import java.util.function.Consumer;

/** Reads events from bytes that are complete, as they were forwarded or kept. */
public final class SseEvents {

    private SseEvents() {}

    /** Passes each event to the consumer; it is valid until the consumer returns. */
    public static void each(byte[] array, int offset, int length, Consumer<SseEvent> consumer) {
        SseHandler handler = new Complete(consumer);
        SseDecoder decoder = new SseDecoder(Math.max(1, length));
        decoder.feed(array, offset, length, handler);
        decoder.end(handler);
    }

    private record Complete(Consumer<SseEvent> consumer) implements SseHandler {
        @Override
        public void event(SseEvent event) {
            consumer.accept(event);
        }

        @Override
        public void ping(byte[] array, int offset, int length) {
            // Comments, and the line feed of a CRLF whose CR came with the event before, are ignored.
        }

        @Override
        public void cut(byte[] array, int offset, int length) {
            // Half a line is no event; the first reader of the stream saw none either.
        }

        @Override
        public void overflow(int limit) {
            throw new IllegalStateException("an event larger than its stream");
        }
    }
}
