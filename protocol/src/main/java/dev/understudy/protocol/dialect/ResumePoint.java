package dev.understudy.protocol.dialect;

/**
 * What a caller has received of a stream that failed, for the writer of its continuation. The writer ends open
 * reasoning, does not begin again what has begun (the answer, an open text), and continues the numbers of blocks and
 * events.
 *
 * @param position how far the stream had come
 * @param text all of the text so far; empty if the stream failed before the first text
 */
public record ResumePoint(StreamPosition position, String text) {}
