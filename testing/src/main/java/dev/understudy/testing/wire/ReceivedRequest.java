package dev.understudy.testing.wire;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request as it arrived at a {@link ScriptedUpstream}, to the byte. */
public final class ReceivedRequest {

    private final int connection;
    private final byte[] bytes;
    private final int headLength;
    private final long arrivedNanos;
    private final CompletableFuture<Long> peerClosed;

    ReceivedRequest(int connection, byte[] bytes, int headLength, CompletableFuture<Long> peerClosed) {
        this.connection = connection;
        this.bytes = bytes;
        this.headLength = headLength;
        this.arrivedNanos = System.nanoTime();
        this.peerClosed = peerClosed;
    }

    /** The number of the connection that it came on, from 1 in the order of their acceptance. */
    public int connection() {
        return connection;
    }

    /** Head, framing and body. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The request line and the headers, with the empty line. */
    public String head() {
        return new String(bytes, 0, headLength, StandardCharsets.ISO_8859_1);
    }

    /** Everything after the head: of a chunked request, with its framing. */
    public byte[] bodyBytes() {
        return Arrays.copyOfRange(bytes, headLength, bytes.length);
    }

    public String body() {
        return new String(bodyBytes(), StandardCharsets.UTF_8);
    }

    /** When its last byte was read, on the scale of {@link System#nanoTime}. */
    public long arrivedNanos() {
        return arrivedNanos;
    }

    /** Whether the peer has closed the connection that this request came on. */
    public boolean isPeerClosed() {
        return peerClosed.isDone() && !peerClosed.isCompletedExceptionally();
    }

    /**
     * When the peer closed the connection, on the scale of {@link System#nanoTime}.
     *
     * @throws AssertionError if it does not within the limit, or if this side closed first
     */
    public long peerClosedNanos(Duration limit) {
        try {
            return peerClosed.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("the peer has not closed the connection within " + limit, late);
        } catch (ExecutionException other) {
            throw new AssertionError("the connection ended otherwise", other.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stop);
        }
    }
}
