package dev.understudy.protocol.sse;

import java.util.Objects;

/**
 * Splits a byte stream into server-sent events, however the network split it.
 *
 * <p>Follows the event stream format of the WHATWG HTML standard, section 9.2: lines end with LF, CR or CRLF; a byte
 * order mark at the start is dropped; lines that begin with a colon are comments; an event ends with a blank line. It
 * differs on purpose in three points. Raw bytes are reported with every block, so that events can be forwarded exactly
 * as they came. An event with a name but no data is reported, because {@code event: error} is an error even then. And at the
 * end of the stream an event without its blank line is still an event, if its last line is whole: real providers forget
 * that blank line. A stream that ends inside a line was cut, and the bytes since the last event are reported as such.
 *
 * <p>An event that lies inside one chunk is not copied. When a chunk ends inside an event, the bytes of that event are
 * kept until the rest has come.
 *
 * <p>A blank line takes effect at its first byte: after a CR the event is dispatched at once, and a LF that follows in the
 * next chunk counts with the block after it. Waiting for it would hold back each event of a stream that uses CR alone.
 *
 * <p>Not thread-safe. A handler must not call back into its decoder.
 */
public final class SseDecoder {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final int limit;
    private final SseEvent event = new SseEvent();
    private final SseBlock block = new SseBlock();

    /** The open block's bytes of earlier chunks; empty while the block began in the current chunk. */
    private final GrowingBytes kept = new GrowingBytes();

    /** Bytes of the byte order mark seen so far; -1 once the start of the stream is behind. */
    private int markSeen;

    /** Where the open line begins, counted from the start of the block. */
    private int lineStart;

    /** The last byte was a CR that ended a line: a LF now belongs to it. */
    private boolean afterCr;

    private boolean stopped;

    /** @param limit how many bytes one event may have, with the comments before it */
    public SseDecoder(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive: " + limit);
        }
        this.limit = limit;
    }

    /** Reads the next bytes. The array is neither changed nor kept. */
    public void feed(byte[] array, int offset, int length, SseHandler handler) {
        Objects.checkFromIndexSize(offset, length, array.length);
        int from = markSeen < 0 ? offset : skipMark(array, offset, offset + length);
        if (!stopped && from < offset + length) {
            scan(array, from, offset + length, handler);
        }
    }

    private int skipMark(byte[] array, int from, int to) {
        int at = from;
        while (at < to && markSeen < MARK.length && array[at] == MARK[markSeen]) {
            at++;
            markSeen++;
        }
        if (markSeen == MARK.length) {
            markSeen = -1;
        } else if (at < to) {
            // Not a byte order mark: the bytes belong to the first line.
            kept.add(MARK, 0, markSeen);
            markSeen = -1;
        }
        return at;
    }

    private void scan(byte[] array, int from, int to, SseHandler handler) {
        // While nothing is kept, the block lies in the array from here on; else its rest does.
        int start = from;
        int at = from;
        while (at < to) {
            byte b = array[at++];
            if (b != '\n' && b != '\r') {
                afterCr = false;
                continue;
            }
            boolean belongsToCr = b == '\n' && afterCr;
            afterCr = b == '\r';
            if (afterCr && at < to && array[at] == '\n') {
                at++;
                afterCr = false;
            }
            if (belongsToCr) {
                // The line was processed with its CR.
                lineStart = kept.length() + at - start;
                continue;
            }
            if (lineEnded(array, start, at, handler)) {
                start = at;
                if (stopped) {
                    return;
                }
            } else if (kept.length() > 0) {
                start = at;
            }
        }
        if ((long) kept.length() + to - start > limit) {
            overflow(handler);
        } else if (start < to) {
            kept.add(array, start, to - start);
        }
    }

    /** Reads the line that ends before {@code at}; true if the block ended with it. */
    private boolean lineEnded(byte[] array, int start, int at, SseHandler handler) {
        byte[] where = array;
        int base = start;
        int length = at - start;
        if (kept.length() > 0) {
            if ((long) kept.length() + length > limit) {
                overflow(handler);
                return true;
            }
            kept.add(array, start, length);
            where = kept.array();
            base = 0;
            length = kept.length();
        }
        int end = length;
        while (end > lineStart && (where[base + end - 1] == '\n' || where[base + end - 1] == '\r')) {
            end--;
        }
        if (end > lineStart) {
            block.line(where, base, lineStart, end);
            lineStart = length;
            return false;
        }
        if (length > limit) {
            overflow(handler);
        } else {
            blockEnded(where, base, length, true, handler);
        }
        return true;
    }

    private void blockEnded(byte[] where, int base, int length, boolean terminated, SseHandler handler) {
        if (block.isEvent()) {
            event.rawIs(where, base, length, terminated);
            block.describe(event, where, base);
            handler.event(event);
            event.release();
        } else {
            handler.ping(where, base, length);
        }
        block.clear();
        kept.clear();
        lineStart = 0;
    }

    private void overflow(SseHandler handler) {
        forgetKept();
        handler.overflow(limit);
    }

    /** How many bytes of an incomplete event are kept. */
    public int kept() {
        return kept.length();
    }

    /** Drops these bytes; the decoder ignores all further ones. */
    public void forgetKept() {
        stopped = true;
        block.clear();
        kept.clear();
    }

    /**
     * The stream is over; the decoder ignores all further bytes.
     *
     * <p>If the last line is whole, what is open is dispatched like any other block, with {@link SseEvent#terminated()}
     * false. If it is not, the open bytes are reported as {@link SseHandler#cut}.
     */
    public void end(SseHandler handler) {
        if (stopped) {
            return;
        }
        stopped = true;
        if (markSeen > 0) {
            kept.add(MARK, 0, markSeen);
        }
        int length = kept.length();
        if (length == 0) {
            return;
        }
        if (lineStart == length) {
            blockEnded(kept.array(), 0, length, false, handler);
        } else {
            handler.cut(kept.array(), 0, length);
            kept.clear();
        }
    }
}
