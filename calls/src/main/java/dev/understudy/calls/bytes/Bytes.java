package dev.understudy.calls.bytes;

import java.util.Arrays;

/**
 * A range of an array. The receiver owns the range: it is not written to any more, so that it can be passed on without a
 * copy.
 *
 * @param offset of the first byte
 * @param length in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on and never compared.
public record Bytes(byte[] array, int offset, int length) {
    /** No bytes. */
    public static final Bytes NONE = of(new byte[0]);

    /** A whole array. */
    public static Bytes of(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /** An array that has these bytes and no others: the same one if they fill it, else a copy. */
    public byte[] toArray() {
        return offset == 0 && length == array.length ? array : Arrays.copyOfRange(array, offset, offset + length);
    }

    /** The first bytes of the range. */
    public Bytes first(int count) {
        return new Bytes(array, offset, count);
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return length == 0;
    }
}
