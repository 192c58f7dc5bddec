package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.IntPredicate;

/**
 * The string or name that a {@link JsonCursor} stands on, looked at without being decoded, or decoded on demand.
 *
 * <p>Half a surrogate pair that is written as an escape is a character of its own, as it is in a Java string.
 */
public final class JsonString {
    private static final byte[] NOTHING = {};

    private final StringScan scan = new StringScan();
    private byte[] text = NOTHING;
    private int from;
    private int to;

    JsonString() {}

    /** Takes the string whose opening quote is at {@code quote} and gives the offset after its closing quote. */
    int read(byte[] text, int quote, int limit) throws MalformedJson {
        int end = scan.end(text, quote + 1, limit);
        this.text = text;
        from = quote + 1;
        to = end - 1;
        return end;
    }

    /** Whether half a surrogate pair stands alone in it, so that it has no form in UTF-8. */
    boolean hasHalfCharacter() {
        if (!scan.escaped()) {
            return false;
        }
        boolean half = false;
        TextWalk walk = new TextWalk(text, from, to);
        while (walk.more()) {
            int c = walk.next();
            boolean second = c >= Character.MIN_LOW_SURROGATE && c <= Character.MAX_LOW_SURROGATE;
            if (half != second) {
                return true;
            }
            half = c >= Character.MIN_HIGH_SURROGATE && c <= Character.MAX_HIGH_SURROGATE;
        }
        return half;
    }

    void release() {
        text = NOTHING;
        from = 0;
        to = 0;
    }

    /** All of it, decoded. */
    public String decoded() {
        if (scan.plain()) {
            return new String(text, from, to - from, ISO_8859_1);
        }
        if (!scan.escaped()) {
            return new String(text, from, to - from, UTF_8);
        }
        StringBuilder decoded = new StringBuilder(to - from);
        appendTo(decoded);
        return decoded.toString();
    }

    /** Appends all of it, decoded. */
    public void appendTo(StringBuilder target) {
        TextWalk walk = new TextWalk(text, from, to);
        while (walk.more()) {
            target.appendCodePoint(walk.next());
        }
    }

    /** How long it is when it is decoded, in UTF-16 units. */
    public int length() {
        if (scan.plain()) {
            return to - from;
        }
        int units = 0;
        TextWalk walk = new TextWalk(text, from, to);
        while (walk.more()) {
            units += Character.charCount(walk.next());
        }
        return units;
    }

    /** Whether there is no character in it. */
    public boolean isEmpty() {
        return from == to;
    }

    /** Whether all its characters (code points) are of that kind. */
    public boolean allMatch(IntPredicate kind) {
        TextWalk walk = new TextWalk(text, from, to);
        while (walk.more()) {
            if (!kind.test(walk.next())) {
                return false;
            }
        }
        return true;
    }

    /** Which of {@code names} it is, found without making a string; {@code ""} if it is none of them. */
    public String among(NameTable names) {
        if (scan.escaped()) {
            byte[] decoded = decoded().getBytes(UTF_8);
            return names.find(decoded, 0, decoded.length);
        }
        return names.find(text, from, to);
    }
}
