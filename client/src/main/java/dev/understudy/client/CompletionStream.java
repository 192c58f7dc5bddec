package dev.understudy.client;

import dev.understudy.calls.bytes.Bytes;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.http.CallResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A streamed answer, piece by piece. Reading slowly holds the provider back. Closing it before its end ends the call, so use it in
 * a {@code try} with resources.
 *
 * <p>If the answer breaks off and no target can continue it, {@link #hasNext} throws a {@link FallbackException} that says so: a
 * truncated answer never looks complete. Not safe for use by several threads.
 */
public final class CompletionStream implements Iterator<CompletionChunk>, AutoCloseable {
    private static final int PIECE = 16 * 1024;

    private final CallResponse response;
    private final InputStream body;
    private final ChunkParser parser = new ChunkParser();
    private Optional<CompletionChunk> next = Optional.empty();
    private boolean ended;

    CompletionStream(CallResponse response) {
        this.response = response;
        this.body = response.body().inputStream();
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty() && !ended) {
            next = parser.next();
            if (next.isEmpty()) {
                if (parser.error().isPresent() && !Outcomes.isAnswered(response)) {
                    ended = true;
                    throw Outcomes.failure(response, true);
                }
                read();
            }
        }
        return next.isPresent();
    }

    private void read() {
        byte[] piece = new byte[PIECE];
        try {
            int length = body.read(piece, 0, PIECE);
            if (length < 0) {
                ended = true;
            } else {
                parser.feed(new Bytes(piece, 0, length));
            }
        } catch (IOException interrupted) {
            ended = true;
            throw new UncheckedIOException(interrupted);
        }
    }

    @Override
    public CompletionChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the answer has ended");
        }
        CompletionChunk chunk = next.orElseThrow();
        next = Optional.empty();
        return chunk;
    }

    /** The target whose answer began the stream. */
    public String target() {
        return response.header("understudy-target").orElse("");
    }

    /** The parts of the request that this target was not sent, and what else the caller should know, one text each. */
    public List<String> warnings() {
        return response.warnings();
    }

    /** The attempts and skips of the call. Waits for the end of the call. */
    public CallTrail trail() {
        return Outcomes.trail(response);
    }

    @Override
    public void close() {
        ended = true;
        response.body().close();
    }
}
