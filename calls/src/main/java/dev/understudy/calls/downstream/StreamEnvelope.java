package dev.understudy.calls.downstream;

import dev.understudy.calls.bytes.Bytes;

/** Puts the events of a stream into another form for the caller. Belongs to one response. */
public interface StreamEnvelope {

    /** The content type of what it writes. */
    String contentType();

    /** What is written for the events that are complete with these bytes of the stream. */
    Bytes wrap(Bytes events);

    /** What is written behind the last event. */
    Bytes ending();
}
