package dev.understudy.protocol.answer;

import java.io.ByteArrayOutputStream;

/**
 * Tells by its first byte whether a body is an event stream. No field of one begins with a bracket, so a bracket means
 * that something else was sent: a JSON document, which is kept (a little of it) to be judged, or a page.
 */
public final class BodyStart {
    /** Enough for any error; an answer of that size in place of a stream is no less malformed for being cut. */
    private static final int KEPT = 64 * 1024;

    public enum Kind {
        /** Only blanks so far. */
        OPEN,
        STREAM,
        DOCUMENT,
        PAGE
    }

    private Kind kind = Kind.OPEN;
    private final ByteArrayOutputStream document = new ByteArrayOutputStream(0);

    public Kind look(byte[] array, int offset, int length) {
        for (int i = offset; kind == Kind.OPEN && i < offset + length; i++) {
            kind = switch (array[i]) {
                // A byte order mark counts as blank: it may stand before either.
                case ' ', '\t', '\r', '\n', (byte) 0xEF, (byte) 0xBB, (byte) 0xBF -> Kind.OPEN;
                case '{', '[' -> Kind.DOCUMENT;
                case '<' -> Kind.PAGE;
                default -> Kind.STREAM;
            };
        }
        return kind;
    }

    public void keep(byte[] array, int offset, int length) {
        document.write(array, offset, Math.min(length, KEPT - document.size()));
    }

    public boolean isDocument() {
        return kind == Kind.DOCUMENT;
    }

    public byte[] document() {
        return document.toByteArray();
    }
}
