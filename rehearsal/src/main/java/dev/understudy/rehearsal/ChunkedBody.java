package dev.understudy.rehearsal;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Puts a chunked body together (RFC 9112, section 7.1). Chunk extensions and trailers are read and dropped. */
final class ChunkedBody {

    private static final int MAX_LINE = 4096;

    private enum Expects {
        SIZE,
        DATA,
        DATA_END,
        TRAILER,
        NOTHING
    }

    private final Buffer body = Buffer.buffer();
    private Expects expects = Expects.SIZE;
    private int left;

    boolean isComplete() {
        return expects == Expects.NOTHING;
    }

    Buffer body() {
        return body;
    }

    /**
     * Takes what it can use.
     *
     * @return the index of the first byte that it did not take
     */
    int read(byte[] bytes, int start, int end) throws RequestRefused {
        int at = start;
        while (expects != Expects.NOTHING) {
            if (expects == Expects.DATA) {
                int taken = Math.min(left, end - at);
                body.appendBytes(bytes, at, taken);
                at += taken;
                left -= taken;
                if (left > 0) {
                    return at;
                }
                expects = Expects.DATA_END;
            }
            int lineEnd = endOfLine(bytes, at, end);
            if (lineEnd < 0) {
                return at;
            }
            take(new String(bytes, at, lineEnd - at, StandardCharsets.ISO_8859_1));
            at = lineEnd + 2;
        }
        return at;
    }

    private void take(String line) throws RequestRefused {
        switch (expects) {
            case SIZE -> {
                left = size(line);
                expects = left == 0 ? Expects.TRAILER : Expects.DATA;
            }
            case DATA_END -> {
                if (!line.isEmpty()) {
                    throw new RequestRefused(400, "A chunk is longer than its size says.");
                }
                expects = Expects.SIZE;
            }
            case TRAILER -> expects = line.isEmpty() ? Expects.NOTHING : Expects.TRAILER;
            case DATA, NOTHING -> throw new IllegalStateException("no line is read while expecting " + expects);
        }
    }

    private int size(String line) throws RequestRefused {
        int semicolon = line.indexOf(';');
        String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        if (!digits.matches("[0-9a-fA-F]{1,15}")) {
            throw new RequestRefused(400, "A chunk's size is not a hexadecimal number.");
        }
        long size = Long.parseLong(digits, 16);
        if (size + body.length() > RequestReader.MAX_BODY) {
            throw new RequestRefused(413, "The body is longer than " + RequestReader.MAX_BODY + " bytes.");
        }
        return (int) size;
    }

    private static int endOfLine(byte[] bytes, int start, int end) throws RequestRefused {
        for (int i = start; i + 1 < end; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        if (end - start > MAX_LINE) {
            throw new RequestRefused(400, "A line between the chunks is longer than " + MAX_LINE + " bytes.");
        }
        return -1;
    }
}
