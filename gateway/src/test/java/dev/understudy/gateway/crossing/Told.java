package dev.understudy.gateway.crossing;

import dev.understudy.protocol.dialect.Frame;
import java.nio.charset.StandardCharsets;

/**
 * One frame that a caller has read.
 *
 * @param name the event's name; empty if it has none
 * @param exception whether it says of itself that it is an error
 */
public record Told(String name, boolean exception, String data) {

    public Frame frame() {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        return new Frame(name, exception, bytes, 0, bytes.length);
    }
}
