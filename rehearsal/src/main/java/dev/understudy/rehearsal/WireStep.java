package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** One thing that happens on the wire in the course of an answer. */
sealed interface WireStep {

    /** Write these bytes, as soon as the caller has room for them. */
    record Send(Buffer bytes) implements WireStep {}

    /** Let this much time pass. */
    record Pause(Duration time) implements WireStep {}
}
