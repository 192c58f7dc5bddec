package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.Framing;

/** Cuts the bytes of a stream into frames, whichever way its dialect divides them. */
sealed interface FrameDecoder permits EventStreamFrameDecoder, SseFrameDecoder {

    /** Receives what was found. Frames and arrays are valid only until the method returns. */
    interface Handler {
        /** A frame, and the bytes as which it came: put together they are the stream. */
        void frame(Frame frame, byte[] raw, int offset, int length);

        /** Bytes that say nothing, but belong to the stream: comments, events without data. */
        void ping(byte[] array, int offset, int length);

        /** The stream ended within a frame. */
        void cut();

        /** What comes cannot be cut into frames. */
        void broken(String why);
    }

    static FrameDecoder of(Framing framing, int maxFrameBytes, Handler handler) {
        return switch (framing) {
            case SSE -> new SseFrameDecoder(maxFrameBytes, handler);
            case EVENT_STREAM -> new EventStreamFrameDecoder(maxFrameBytes, handler);
        };
    }

    void feed(byte[] array, int offset, int length);

    void end();

    /** How many bytes of an incomplete frame are kept. */
    int kept();

    /** Drops these bytes; nothing is fed afterwards. */
    void forgetKept();

    /** Whether it is text, so that JSON or HTML in its place can be told by the first byte. */
    boolean isText();

    /** Whether the last frame came without the blank line that has to follow it. */
    boolean lacksBlankLine();
}
