package dev.understudy.protocol.sse;

/**
 * The fields of one block so far. Positions count from the start of the block, so they hold wherever its
 * bytes are kept in the end.
 */
final class SseBlock {
    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

    private final GrowingBytes joined = new GrowingBytes();
    private int dataLines;
    private int dataFrom;
    private int dataTo;
    private boolean named;
    private int nameFrom;
    private int nameTo;

    /** Takes in one line that is not blank, without its end. */
    void line(byte[] array, int base, int from, int to) {
        int colon = from;
        while (colon < to && array[base + colon] != ':') {
            colon++;
        }
        int value = colon;
        if (value < to) {
            value++;
            // One space after the colon belongs to the notation, not to the value.
            if (value < to && array[base + value] == ' ') {
                value++;
            }
        }
        if (is(DATA, array, base + from, colon - from)) {
            data(array, base, value, to);
        } else if (is(EVENT, array, base + from, colon - from)) {
            // The last one counts; an empty value removes the name.
            named = value < to;
            nameFrom = value;
            nameTo = to;
        }
        // The rest is irrelevant: id, retry, comments (an empty name), unknown fields.
    }

    private void data(byte[] array, int base, int from, int to) {
        if (dataLines == 0) {
            dataFrom = from;
            dataTo = to;
        } else {
            if (dataLines == 1) {
                joined.add(array, base + dataFrom, dataTo - dataFrom);
            }
            joined.add((byte) '\n');
            joined.add(array, base + from, to - from);
        }
        dataLines++;
    }

    private static boolean is(byte[] field, byte[] array, int offset, int length) {
        if (length != field.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (array[offset + i] != field[i]) {
                return false;
            }
        }
        return true;
    }

    boolean isEvent() {
        return dataLines > 0 || named;
    }

    /** Writes name and data to the event; the block lies in the array from {@code base} on. */
    void describe(SseEvent event, byte[] array, int base) {
        if (named) {
            event.named(array, base + nameFrom, base + nameTo);
        } else {
            event.nameless();
        }
        if (dataLines > 1) {
            event.dataIs(joined.array(), 0, joined.length());
        } else {
            event.dataIs(array, base + dataFrom, dataTo - dataFrom);
        }
    }

    void clear() {
        if (dataLines > 1) {
            joined.clear();
        }
        dataLines = 0;
        dataFrom = 0;
        dataTo = 0;
        named = false;
    }
}
