package dev.understudy.protocol.eventstream;

import dev.understudy.protocol.json.JsonOut;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Writes frames whose payload is JSON. */
public final class EventStreamText {
    private static final byte TYPE_STRING = 7;

    private EventStreamText() {}

    /** Appends an event. */
    public static void append(ByteArrayOutputStream to, String name, JsonOut.Content data) {
        append(to, ":event-type", name, "event", JsonOut.bytes(data));
    }

    /** Appends an error that ends the stream. */
    public static void appendException(ByteArrayOutputStream to, String name, JsonOut.Content data) {
        append(to, ":exception-type", name, "exception", JsonOut.bytes(data));
    }

    private static void append(
            ByteArrayOutputStream to, String nameHeader, String name, String messageType, byte[] payload) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream(96);
        header(headers, nameHeader, name);
        header(headers, ":content-type", "application/json");
        header(headers, ":message-type", messageType);
        int size = EventStreamDecoder.PRELUDE + headers.size() + payload.length + EventStreamDecoder.CHECKSUM;
        ByteBuffer frame = ByteBuffer.allocate(size).putInt(size).putInt(headers.size());
        frame.putInt(checksum(frame)).put(headers.toByteArray()).put(payload);
        frame.putInt(checksum(frame));
        to.writeBytes(frame.array());
    }

    /** Of everything that was put so far. */
    private static int checksum(ByteBuffer frame) {
        CRC32 crc = new CRC32();
        crc.update(frame.array(), 0, frame.position());
        return (int) crc.getValue();
    }

    private static void header(ByteArrayOutputStream headers, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        headers.write(name.length());
        headers.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        headers.write(TYPE_STRING);
        headers.write(bytes.length >> 8);
        headers.write(bytes.length);
        headers.writeBytes(bytes);
    }
}
