package dev.understudy.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.calls.bytes.Bytes;
import dev.understudy.protocol.sse.SseDecoder;
import dev.understudy.protocol.sse.SseEvent;
import dev.understudy.protocol.sse.SseHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** Reads a stream of chat completions, as the calls of this process write it. */
final class ChunkParser implements SseHandler {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LARGEST_EVENT = 64 * 1024 * 1024;
    private static final String DONE = "[DONE]";

    private final SseDecoder decoder = new SseDecoder(LARGEST_EVENT);
    private final Queue<CompletionChunk> chunks = new ArrayDeque<>();
    private Optional<JsonNode> error = Optional.empty();

    void feed(Bytes bytes) {
        decoder.feed(bytes.array(), bytes.offset(), bytes.length(), this);
    }

    /** The next piece that is complete. */
    Optional<CompletionChunk> next() {
        return Optional.ofNullable(chunks.poll());
    }

    /** The error that the stream has, at its end or behind it; empty if it has none. */
    Optional<JsonNode> error() {
        return error;
    }

    @Override
    public void event(SseEvent event) {
        String data = new String(event.data(), event.dataOffset(), event.dataLength(), StandardCharsets.UTF_8).strip();
        if (data.isEmpty() || data.equals(DONE)) {
            return;
        }
        try {
            JsonNode json = JSON.readTree(data);
            if (json.hasNonNull("error")) {
                error = Optional.of(json.get("error"));
            } else {
                chunks.add(CompletionChunk.of(json));
            }
        } catch (JsonProcessingException invalid) {
            throw new IllegalStateException("an event of the answer is not JSON", invalid);
        }
    }

    @Override
    public void ping(byte[] array, int offset, int length) {
        // Shows that the connection is alive, which the engine has noticed.
    }

    @Override
    public void cut(byte[] array, int offset, int length) {
        // The engine has judged the end of the stream.
    }

    @Override
    public void overflow(int limit) {
        throw new IllegalStateException("an event of the answer has more than " + limit + " bytes");
    }
}
