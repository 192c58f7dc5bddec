package dev.understudy.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the end of a JSON string and checks all of it on the way: escapes, control characters, UTF-8.
 *
 * <p><b>Eight bytes at a time.</b> Most of a prompt is plain ASCII, of which only a quote, a backslash and a control
 * character matter. One subtraction finds each of them in eight bytes: a byte from which too much is taken borrows, and
 * has its highest bit set then. A borrow may also mark the byte above; so only the lowest mark counts, which is right.
 */
final class StringScan {
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
