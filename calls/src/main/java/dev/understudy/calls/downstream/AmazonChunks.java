package dev.understudy.calls.downstream;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.protocol.eventstream.EventStreamText;
import dev.understudy.protocol.sse.SseDecoder;
import dev.understudy.protocol.sse.SseEvent;
import dev.understudy.protocol.sse.SseHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Puts the events of a stream into the frames of Bedrock's {@code InvokeModelWithResponseStream}: each frame is a {@code
 * chunk} with the event's data in base64.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html">Bedrock:
 *     InvokeModelWithResponseStream</a>
 */
final class AmazonChunks implements StreamEnvelope, SseHandler {
    /** As long as the largest event that is read from a provider. */
    private static final int LARGEST_EVENT = 64 * 1024 * 1024;

    private final SseDecoder decoder = new SseDecoder(LARGEST_EVENT);
    private ByteArrayOutputStream frames = new ByteArrayOutputStream();

    @Override
    public String contentType() {
        return "application/vnd.amazon.eventstream";
    }

    @Override
    public Bytes ending() {
        return Bytes.NONE;
    }

    @Override
    public Bytes wrap(Bytes events) {
        decoder.feed(events.array(), events.offset(), events.length(), this);
        Bytes wrapped = Bytes.of(frames.toByteArray());
        frames = new ByteArrayOutputStream();
        return wrapped;
    }

    @Override
    public void event(SseEvent event) {
        if (event.dataLength() > 0) {
            ByteBuffer data =
                    Base64.getEncoder().encode(ByteBuffer.wrap(event.data(), event.dataOffset(), event.dataLength()));
            String base64 = StandardCharsets.US_ASCII.decode(data).toString();
            EventStreamText.append(frames, "chunk", json -> {
                json.writeStartObject();
                json.writeStringField("bytes", base64);
                json.writeEndObject();
            });
        }
    }

    @Override
    public void ping(byte[] array, int offset, int length) {
        // Comments have no form here.
    }

    @Override
    public void cut(byte[] array, int offset, int length) {
        // The gateway writes whole events.
    }

    @Override
    public void overflow(int limit) {
        // No provider's event is as long.
    }
}
