package dev.understudy.gateway.downstream;

import io.vertx.core.buffer.Buffer;

/** Puts the events of a stream into another form for the caller. Belongs to one response. */
interface StreamEnvelope {

    /** The content type of what it writes. */
    CharSequence contentType();

    /** What is written for the events that are complete with these bytes of the stream. */
    Buffer wrap(Buffer events);

    /** What is written behind the last event. */
    Buffer ending();
}
