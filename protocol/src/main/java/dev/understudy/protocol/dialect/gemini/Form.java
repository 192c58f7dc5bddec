package dev.understudy.protocol.dialect.gemini;

/** The two ways in which {@code streamGenerateContent} sends its pieces to a caller. */
public enum Form {
    /** Server-sent events: {@code ?alt=sse}. */
    EVENTS,
    /** One JSON array that grows: what a caller gets who asks for nothing else. */
    ARRAY
}
