package dev.understudy.protocol.dialect;

/** How a stream is divided into frames. */
public enum Framing {
    /** Server-sent events. */
    SSE,
    /** Amazon's binary frames, {@code application/vnd.amazon.eventstream}. */
    EVENT_STREAM
}
