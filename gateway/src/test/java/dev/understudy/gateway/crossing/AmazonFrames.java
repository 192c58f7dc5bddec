package dev.understudy.gateway.crossing;

import dev.understudy.protocol.eventstream.EventStreamDecoder;
import dev.understudy.protocol.eventstream.EventStreamFrame;
import dev.understudy.protocol.eventstream.EventStreamHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Frames of {@code application/vnd.amazon.eventstream}, put together by hand and not by the code under test. */
public final class AmazonFrames {
    private static final int TEXT = 7;

    private AmazonFrames() {}

    public static byte[] event(String type, String json) {
        return frame(":message-type", "event", ":event-type", type, json);
    }

    public static byte[] exception(String type, String json) {
        return frame(":message-type", "exception", ":exception-type", type, json);
    }

    private static byte[] frame(String kindName, String kind, String typeName, String type, String json) {
        byte[] data = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer headers = ByteBuffer.allocate(512);
        header(headers, kindName, kind);
        header(headers, typeName, type);
        header(headers, ":content-type", "application/json");
        int headersLength = headers.position();
        int total = 12 + headersLength + data.length + 4;
        ByteBuffer frame = ByteBuffer.allocate(total);
        frame.putInt(total).putInt(headersLength);
        frame.putInt(checksum(frame.array(), 8));
        frame.put(headers.array(), 0, headersLength).put(data);
        frame.putInt(checksum(frame.array(), total - 4));
        return frame.array();
    }

    private static void header(ByteBuffer to, String name, String value) {
        to.put((byte) name.length()).put(name.getBytes(StandardCharsets.UTF_8));
        to.put((byte) TEXT).putShort((short) value.length()).put(value.getBytes(StandardCharsets.UTF_8));
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** The frames of a stream; what cannot be cut into frames is an error of the test's. */
    public static List<ParsedFrame> of(byte[] stream) {
        List<ParsedFrame> frames = new ArrayList<>();
        EventStreamHandler handler = new EventStreamHandler() {
            @Override
            public void frame(EventStreamFrame frame) {
                String data = new String(frame.data(), frame.dataOffset(), frame.dataLength(), StandardCharsets.UTF_8);
                frames.add(new ParsedFrame(frame.name(), frame.exception(), data));
            }

            @Override
            public void cut(byte[] array, int offset, int length) {
                throw new AssertionError("a frame is cut");
            }

            @Override
            public void malformed(String why) {
                throw new AssertionError("no frames: " + why);
            }
        };
        EventStreamDecoder decoder = new EventStreamDecoder(1 << 20);
        decoder.feed(stream, 0, stream.length, handler);
        decoder.end(handler);
        return frames;
    }
}
