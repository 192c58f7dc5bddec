package dev.understudy.protocol.sse;

import java.util.function.Consumer;

/** Reads events of which all bytes are there, as they were forwarded or kept: what a stream was found to be before. */
public final class SseEvents {

    private SseEvents() {}

    /** Hands over each event in turn; it is good until the consumer returns. */
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
            // Comments, and the line feed of a CRLF whose CR came with the event before, say nothing.
        }

        @Override
        public void cut(byte[] array, int offset, int length) {
            // Half a line is no event; who read the stream first saw none either.
        }

        @Override
        public void overflow(int limit) {
            throw new IllegalStateException("an event larger than its stream");
        }
    }
}
