package dev.understudy.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
 *
 * <p>A more lenient check lets bytes through that a later reader could understand differently. Prompts are mostly
 * ASCII, which is checked eight bytes at a time.
 */
final class Utf8 {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /** The offset of the first byte that is not part of a well-formed character; -1 if there is none. */
    static int firstFault(byte[] text, int from) {
        int at = from;
        while (at < text.length) {
            if (at + Long.BYTES <= text.length && ((long) EIGHT_BYTES.get(text, at) & NOT_ASCII) == 0) {
                at += Long.BYTES;
                continue;
            }
            int length = lengthAt(text, at, text.length);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /**
     * The bytes of the character at {@code at}; 0 if it is not well-formed (RFC 3629, section 4) or does not end before
     * {@code to}.
     */
    static int lengthAt(byte[] text, int at, int to) {
        int lead = text[at] & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        if (lead < 0xC2) {
            return 0;
        }
        if (lead < 0xE0) {
            return isTail(text, to, at + 1, 0x80, 0xBF) ? 2 : 0;
        }
        if (lead < 0xF0) {
            int low = lead == 0xE0 ? 0xA0 : 0x80;
            int high = lead == 0xED ? 0x9F : 0xBF;
            return isTail(text, to, at + 1, low, high) && isTail(text, to, at + 2, 0x80, 0xBF) ? 3 : 0;
        }
        if (lead < 0xF5) {
            int low = lead == 0xF0 ? 0x90 : 0x80;
            int high = lead == 0xF4 ? 0x8F : 0xBF;
            return isTail(text, to, at + 1, low, high)
                            && isTail(text, to, at + 2, 0x80, 0xBF)
                            && isTail(text, to, at + 3, 0x80, 0xBF)
                    ? 4
                    : 0;
        }
        return 0;
    }

    private static boolean isTail(byte[] text, int to, int at, int low, int high) {
        if (at >= to) {
            return false;
        }
        int value = text[at] & 0xFF;
        return value >= low && value <= high;
    }
}
