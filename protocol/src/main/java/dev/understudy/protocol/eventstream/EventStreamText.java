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
        byte[] bytes = new byte[size];
        ByteBuffer frame = ByteBuffer.wrap(bytes).putInt(size).putInt(headers.size());
        frame.putInt(checksum(bytes, frame.position()));
        frame.put(headers.toByteArray()).put(payload);
        frame.putInt(checksum(bytes, frame.position()));
        to.writeBytes(bytes);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
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
