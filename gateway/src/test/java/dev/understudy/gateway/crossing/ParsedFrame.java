package dev.understudy.gateway.crossing;

import dev.understudy.protocol.dialect.Frame;
import java.nio.charset.StandardCharsets;

/**
 * One frame of a response, as a client splits it.
 *
 * @param name the event's name; empty if it has none
 * @param exception whether the frame is marked as an exception (Amazon's event streams)
 */
public record ParsedFrame(String name, boolean exception, String data) {

    public Frame frame() {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        return new Frame(name, exception, bytes, 0, bytes.length);
    }
}
