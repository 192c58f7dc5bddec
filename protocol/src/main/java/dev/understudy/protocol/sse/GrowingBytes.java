package dev.understudy.protocol.sse;

import java.util.Arrays;

/** Bytes kept from one chunk to the next. Its array is released when it has become unusually large. */
final class GrowingBytes {
    private static final int USUAL = 4 * 1024;
    private static final int LARGE = 256 * 1024;

    private byte[] array = new byte[0];
    private int length;

    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    void add(byte[] from, int offset, int count) {
        makeRoomFor(count);
        System.arraycopy(from, offset, array, length, count);
        length += count;
    }

    void add(byte one) {
        makeRoomFor(1);
        array[length++] = one;
    }

    private void makeRoomFor(int count) {
        if (count > array.length - length) {
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * array.length);
            array = Arrays.copyOf(array, Math.max(Math.addExact(length, count), Math.max(USUAL, doubled)));
        }
    }

    void clear() {
        length = 0;
        if (array.length > LARGE) {
            array = new byte[0];
        }
    }
}
