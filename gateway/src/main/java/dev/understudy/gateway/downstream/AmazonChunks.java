package dev.understudy.gateway.downstream;

import dev.understudy.protocol.eventstream.EventStreamText;
import dev.understudy.protocol.sse.SseDecoder;
import dev.understudy.protocol.sse.SseEvent;
import dev.understudy.protocol.sse.SseHandler;
import io.vertx.core.buffer.Buffer;
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
    public CharSequence contentType() {
        return "application/vnd.amazon.eventstream";
    }

    @Override
    public Buffer ending() {
        return Buffer.buffer();
    }

    @Override
    public Buffer wrap(Buffer events) {
        byte[] bytes = events.getBytes();
        decoder.feed(bytes, 0, bytes.length, this);
        Buffer wrapped = Buffer.buffer(frames.toByteArray());
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
