package dev.understudy.protocol.sse;

import dev.understudy.protocol.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes server-sent events whose data are JSON, which has no raw line breaks: one {@code data:} line is enough. */
public final class SseText {
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private SseText() {}

    /** Appends an event without a name. */
    public static void append(ByteArrayOutputStream to, JsonOut.Content data) {
        to.writeBytes(DATA);
        JsonOut.append(to, data);
        to.writeBytes(END);
    }

    /** Appends an event with a name. */
    public static void append(ByteArrayOutputStream to, String name, JsonOut.Content data) {
        to.writeBytes(EVENT);
        to.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        to.write('\n');
        append(to, data);
    }
}
