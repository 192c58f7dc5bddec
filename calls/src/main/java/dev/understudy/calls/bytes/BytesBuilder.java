package dev.understudy.calls.bytes;

import java.util.Arrays;

/** Collects bytes in an array that grows. */
public final class BytesBuilder {
    private static final int SMALLEST = 64;

    private byte[] array;
    private int length;

    /** One that allocates with the first bytes. */
    public BytesBuilder() {
        this.array = Bytes.NONE.array();
    }

    /** @param capacity how many bytes fit in before it has to grow */
    public BytesBuilder(int capacity) {
        this.array = new byte[capacity];
    }

    /** Appends bytes. */
    public void append(byte[] from, int offset, int count) {
        int needed = Math.addExact(length, count);
        if (needed > array.length) {
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * array.length);
            array = Arrays.copyOf(array, Math.max(needed, Math.max(SMALLEST, doubled)));
        }
        System.arraycopy(from, offset, array, length, count);
        length = needed;
    }

    /** Appends a range. */
    public void append(Bytes more) {
        append(more.array(), more.offset(), more.length());
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }

    /** What has been collected. It is valid until more is appended. */
    public Bytes view() {
        return new Bytes(array, 0, length);
    }

    /** Returns what has been collected, and begins anew. */
    public Bytes take() {
        Bytes taken = view();
        array = Bytes.NONE.array();
        length = 0;
        return taken;
    }

    /** A copy of what has been collected. */
    public byte[] toArray() {
        return Arrays.copyOf(array, length);
    }
}
