package dev.understudy.protocol.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.IntPredicate;

/**
 * The string or name at a {@link JsonCursor}'s position, inspected in its encoded form or decoded on demand.
 *
 * <p>Half of a surrogate pair that is written as an escape is one character, as in a Java string.
 */
public final class JsonString {
    private static final byte[] NOTHING = {};

    private final StringScan scan = new StringScan();
    private byte[] text = NOTHING;
    private int from;
    private int to;

    JsonString() {}

    /** Sets the string whose opening quote is at {@code quote}, and returns the offset after its closing quote. */
    int read(byte[] text, int quote, int limit) throws MalformedJson {
        int end = scan.end(text, quote + 1, limit);
        this.text = text;
        from = quote + 1;
        to = end - 1;
        return end;
    }

    /** Whether it contains half of a surrogate pair, which has no form in UTF-8. */
    boolean hasHalfCharacter() {
        if (!scan.escaped()) {
            return false;
        }
        boolean half = false;
        Characters walk = new Characters(text, from, to);
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
        Characters walk = new Characters(text, from, to);
        while (walk.more()) {
            target.appendCodePoint(walk.next());
        }
    }

    /** The length of the decoded string, in UTF-16 units. */
    public int length() {
        if (scan.plain()) {
            return to - from;
        }
        int units = 0;
        Characters walk = new Characters(text, from, to);
        while (walk.more()) {
            units += Character.charCount(walk.next());
        }
        return units;
    }

    /** Whether it has no characters. */
    public boolean isEmpty() {
        return from == to;
    }

    /** Whether all its code points are of that kind. */
    public boolean allMatch(IntPredicate kind) {
        Characters walk = new Characters(text, from, to);
        while (walk.more()) {
            if (!kind.test(walk.next())) {
                return false;
            }
        }
        return true;
    }

    /** The equal one of {@code names}, found without allocation; {@code ""} if there is none. */
    public String among(NameTable names) {
        if (scan.escaped()) {
            byte[] decoded = decoded().getBytes(UTF_8);
            return names.find(decoded, 0, decoded.length);
        }
        return names.find(text, from, to);
    }

    /**
     * Finds the end of a JSON string and checks it: escapes, control characters, UTF-8.
     *
     * <p><b>Eight bytes at a time.</b> Most of a prompt is plain ASCII, of which only a quote, a backslash and a control
     * character matter. One subtraction per kind finds them in eight bytes: a byte that is too small borrows, which sets its
     * highest bit. A borrow may also mark the next higher byte, so only the lowest mark counts.
     */
    private static final class StringScan {
        private static final VarHandle EIGHT_BYTES =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
        private static final long EACH = 0x0101_0101_0101_0101L;
        private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;
        private static final long SPACES = EACH * ' ';
        private static final long QUOTES = EACH * '"';
        private static final long BACKSLASHES = EACH * '\\';

        private boolean escaped;
        private boolean foreign;

        /** Whether there was an escape in the last string, so that its bytes are not its text. */
        boolean escaped() {
            return escaped;
        }

        /** Whether each byte of the last string is a character of its text. */
        boolean plain() {
            return !escaped && !foreign;
        }

        /** The offset after the closing quote of the string whose first byte after the opening one is at {@code from}. */
        int end(byte[] text, int from, int to) throws MalformedJson {
            escaped = false;
            foreign = false;
            int at = from;
            while (true) {
                at = notableAt(text, at, to);
                if (at >= to) {
                    throw new MalformedJson(JsonFault.ENDS_EARLY, to);
                }
                byte b = text[at];
                if (b == '"') {
                    return at + 1;
                } else if (b == '\\') {
                    escaped = true;
                    at = escapeEnd(text, at, to);
                } else if (b < 0) {
                    foreign = true;
                    at = foreignEnd(text, at, to);
                } else if (b < ' ') {
                    throw new MalformedJson(JsonFault.CONTROL_CHARACTER, at);
                } else {
                    at++;
                }
            }
        }

        /** The next byte that is more than a plain character, or any of the last seven. */
        private static int notableAt(byte[] text, int from, int to) {
            int at = from;
            while (at <= to - Long.BYTES) {
                long eight = (long) EIGHT_BYTES.get(text, at);
                long marks = (eight | (eight - SPACES) | ((eight ^ QUOTES) - EACH) | ((eight ^ BACKSLASHES) - EACH))
                        & HIGHEST_BITS;
                if (marks != 0) {
                    return at + (Long.numberOfTrailingZeros(marks) >> 3);
                }
                at += Long.BYTES;
            }
            return at;
        }

        private static int escapeEnd(byte[] text, int backslash, int to) throws MalformedJson {
            if (backslash + 1 >= to) {
                throw new MalformedJson(JsonFault.ENDS_EARLY, to);
            }
            return switch (text[backslash + 1]) {
                case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> backslash + 2;
                case 'u' -> {
                    for (int i = backslash + 2; i < backslash + 6; i++) {
                        if (i >= to) {
                            throw new MalformedJson(JsonFault.ENDS_EARLY, to);
                        }
                        if (text[i] < 0 || Character.digit(text[i], 16) < 0) {
                            throw new MalformedJson(JsonFault.STRANGE_ESCAPE, i);
                        }
                    }
                    yield backslash + 6;
                }
                default -> throw new MalformedJson(JsonFault.STRANGE_ESCAPE, backslash + 1);
            };
        }

        /** The offset after the characters beyond ASCII that begin here; one is seldom alone. */
        private static int foreignEnd(byte[] text, int from, int to) throws MalformedJson {
            int at = from;
            while (at < to && text[at] < 0) {
                int length = Utf8.lengthAt(text, at, to);
                if (length == 0) {
                    throw new MalformedJson(JsonFault.NOT_UTF8, at);
                }
                at += length;
            }
            return at;
        }
    }

    /**
     * Iterates over the code points of a checked JSON string, with its escapes resolved. The halves of a surrogate pair that is
     * written as two escapes are separate, as are halves without a partner.
     */
    private static final class Characters {
        private final byte[] text;
        private final int to;
        private int at;

        /** @param from after the opening quote; {@code to} is that of the closing one */
        Characters(byte[] text, int from, int to) {
            this.text = text;
            this.at = from;
            this.to = to;
        }

        boolean more() {
            return at < to;
        }

        int next() {
            int lead = text[at++];
            if (lead >= 0) {
                return lead == '\\' ? escaped() : lead;
            }
            if (lead < (byte) 0xE0) {
                return (lead & 0x1F) << 6 | tail();
            }
            if (lead < (byte) 0xF0) {
                return (lead & 0xF) << 12 | tail() << 6 | tail();
            }
            return (lead & 7) << 18 | tail() << 12 | tail() << 6 | tail();
        }

        private int tail() {
            return text[at++] & 0x3F;
        }

        private int escaped() {
            byte letter = text[at++];
            return switch (letter) {
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    int unit = 0;
                    for (int i = 0; i < 4; i++) {
                        unit = unit << 4 | Character.digit(text[at++], 16);
                    }
                    yield unit;
                }
                default -> letter;
            };
        }
    }
}
