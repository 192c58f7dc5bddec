package dev.understudy.testing.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The body of a response, taken out of its framing while it arrives. A read returns what there is. An end that the
 * framing did not announce is an {@link EOFException}, a broken frame a {@link ProtocolException}.
 */
final class BodyStream extends InputStream {

    private enum Kind {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private final InputStream in;
    private final Kind kind;
    private long left;
    private boolean chunkEndDue;
    private boolean ended;

    BodyStream(InputStream in, RawHead head) throws IOException {
        this.in = in;
        if (head.header("transfer-encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            kind = Kind.CHUNKED;
        } else if (head.header("content-length").isPresent()) {
            kind = Kind.LENGTH;
            left = Long.parseLong(head.header("content-length").get());
        } else {
            kind = head.status() == 204 || head.status() == 304 ? Kind.LENGTH : Kind.UNTIL_CLOSE;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        if (kind == Kind.UNTIL_CLOSE) {
            int count = in.read(target, offset, length);
            ended = count < 0;
            return count;
        }
        if (left == 0 && !nextPart()) {
            ended = true;
            return -1;
        }
        int count = in.read(target, offset, (int) Math.min(left, length));
        if (count < 0) {
            throw new EOFException("closed with " + left + " bytes to come");
        }
        left -= count;
        chunkEndDue = left == 0;
        return count;
    }

    private boolean nextPart() throws IOException {
        if (kind == Kind.LENGTH) {
            return false;
        }
        if (chunkEndDue) {
            if (!readLine(in).isEmpty()) {
                throw new ProtocolException("a chunk is longer than its size");
            }
            // Said before the next read: if that one times out, the caller may try again.
            chunkEndDue = false;
        }
        String size = readLine(in);
        if (!size.matches("[0-9a-fA-F]+(;.*)?")) {
            throw new ProtocolException("not a chunk size: " + size);
        }
        left = Long.parseLong(size.replaceFirst(";.*", ""), 16);
        if (left > 0) {
            return true;
        }
        while (!readLine(in).isEmpty()) {
            // A trailer says nothing about the body.
        }
        return false;
    }

    /** A line without its CRLF. */
    static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed in the middle of: " + line);
            }
            if (next == '\n') {
                int last = line.length() - 1;
                return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
            }
            line.append(new String(new byte[] {(byte) next}, StandardCharsets.ISO_8859_1));
        }
    }
}
