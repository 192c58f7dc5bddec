package dev.understudy.protocol.answer;

import java.io.ByteArrayOutputStream;

/**
 * Tells by its first byte whether a body is an event stream. No field of one begins with a bracket, so a bracket means
 * that something else was sent: a JSON document, which is kept to be judged, or a page.
 */
public final class BodyStart {
    /** As large as a whole answer may be, in bytes. Memory grows with what comes. */
    private static final int LARGEST = 64 * 1024 * 1024;

    /** What a body seems to be. */
    public enum Kind {
        /** Only blanks so far. */
        OPEN,
        STREAM,
        DOCUMENT,
        PAGE
    }

    private Kind kind = Kind.OPEN;
    private boolean tooLarge;
    private ByteArrayOutputStream document = new ByteArrayOutputStream(0);

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
        int room = LARGEST - document.size();
        tooLarge |= length > room;
        document.write(array, offset, Math.min(length, room));
    }

    /** Whether more came than is kept, which is more than any answer has. */
    public boolean isTooLarge() {
        return tooLarge;
    }

    public boolean isDocument() {
        return kind == Kind.DOCUMENT;
    }

    /** How many bytes are kept. */
    public int size() {
        return document.size();
    }

    /** Keeps nothing any more. */
    public void forget() {
        document = new ByteArrayOutputStream(0);
    }

    public byte[] document() {
        return document.toByteArray();
    }
}
