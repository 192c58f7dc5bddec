package dev.understudy.protocol.dialect;

/**
 * What a caller has of a stream that broke off, for a writer that appends another stream to it. The writer ends open
 * reasoning, begins nothing that has begun (the answer, an open text), and counts blocks and events on.
 *
 * @param position how far it had come
 * @param text all of the text so far; empty if the stream broke before the first text
 */
public record ResumePoint(StreamPosition position, String text) {}
