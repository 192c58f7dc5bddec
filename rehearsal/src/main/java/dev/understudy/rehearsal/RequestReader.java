package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Reads the requests of one connection from whatever pieces TCP delivers them in.
 *
 * <p>Strict on purpose: HTTP/1.1 with CRLF, and a body whose end is known from one {@code Content-Length} or from
 * chunks. What is ambiguous (RFC 9112, section 6.3) is rejected rather than guessed, because this reader also shows
 * whether the gateway writes proper requests.
 */
final class RequestReader {

    /** A request's body may have this many bytes: what the largest providers take, so a test can reach the limit. */
    static final int MAX_BODY = 25 * 1024 * 1024;

    static final int MAX_HEAD = 32 * 1024;

    private static final int FIRST_ROOM = 4096;
    private static final int KEPT_ROOM = 256 * 1024;

    private static final Reading INCOMPLETE = new Reading.Incomplete();

    private enum Stage {
        HEAD,
        LENGTH_BODY,
        CHUNKED_BODY,
        BROKEN
    }

    private byte[] bytes = new byte[FIRST_ROOM];
    private int start;
    private int end;

    private Stage stage = Stage.HEAD;
    private RequestHead head = RequestHead.NONE;
    private boolean continueReported;
    private ChunkedBody chunks = new ChunkedBody();
    private Reading rejection = INCOMPLETE;

    /** Takes bytes as they came from the network. After a rejection they are dropped. */
    void feed(Buffer more) {
        if (stage == Stage.BROKEN) {
            return;
        }
        makeRoomFor(more.length());
        more.getBytes(bytes, end);
        end += more.length();
    }

    /** Bytes that were fed and belong to no request that {@link #next} has handed out. */
    int buffered() {
        return end - start;
    }

    /** The next request, or why there is none yet. */
    Reading next() {
        try {
            return switch (stage) {
                case HEAD -> readHead();
                case LENGTH_BODY -> readLengthBody();
                case CHUNKED_BODY -> readChunks();
                case BROKEN -> rejection;
            };
        } catch (RequestRefused refused) {
            stage = Stage.BROKEN;
            start = end;
            rejection = new Reading.Rejected(refused.status(), refused.reason());
            return rejection;
        }
    }

    private Reading readHead() throws RequestRefused {
        OptionalInt headEnd = RequestHead.endOf(bytes, start, end);
        if (headEnd.isEmpty()) {
            if (buffered() > MAX_HEAD) {
                throw new RequestRefused(431, "The request's headers are longer than " + MAX_HEAD + " bytes.");
            }
            return INCOMPLETE;
        }
        if (headEnd.getAsInt() - start > MAX_HEAD) {
            throw new RequestRefused(431, "The request's headers are longer than " + MAX_HEAD + " bytes.");
        }
        head = RequestHead.parse(bytes, start, headEnd.getAsInt());
        start = headEnd.getAsInt();
        continueReported = false;
        if (head.isChunked()) {
            chunks = new ChunkedBody();
            stage = Stage.CHUNKED_BODY;
        } else {
            stage = Stage.LENGTH_BODY;
        }
        return next();
    }

    private Reading readLengthBody() {
        int length = head.contentLength();
        if (buffered() < length) {
            return awaitBody();
        }
        Buffer body = Buffer.buffer(Arrays.copyOfRange(bytes, start, start + length));
        start += length;
        return complete(body);
    }

    private Reading readChunks() throws RequestRefused {
        start = chunks.read(bytes, start, end);
        return chunks.isComplete() ? complete(chunks.body()) : awaitBody();
    }

    private Reading awaitBody() {
        if (head.expectsContinue() && !continueReported) {
            continueReported = true;
            return new Reading.AwaitsContinue();
        }
        return INCOMPLETE;
    }

    private Reading complete(Buffer body) {
        stage = Stage.HEAD;
        if (start == end) {
            start = 0;
            end = 0;
            // One large request must not hold its memory for as long as the connection lives.
            bytes = bytes.length > KEPT_ROOM ? new byte[FIRST_ROOM] : bytes;
        }
        return new Reading.Complete(head.toRequest(body));
    }

    private void makeRoomFor(int more) {
        if (end + more <= bytes.length) {
            return;
        }
        int kept = end - start;
        byte[] room = kept + more <= bytes.length ? bytes : new byte[Math.max(bytes.length * 2, kept + more)];
        System.arraycopy(bytes, start, room, 0, kept);
        bytes = room;
        start = 0;
        end = kept;
    }
}
