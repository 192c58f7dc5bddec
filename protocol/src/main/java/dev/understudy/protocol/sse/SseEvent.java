package dev.understudy.protocol.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One event, valid during the call of an {@link SseHandler}: the decoder reuses the object for the next one.
 *
 * <p>Reading it creates no objects. The raw bytes are what came, with the comments before the event and the blank line
 * after it; the data is the value, with several {@code data:} lines joined by a line feed.
 */
public final class SseEvent {
    private static final byte[] NOTHING = {};

    private byte[] raw = NOTHING;
    private int rawOffset;
    private int rawLength;
    private byte[] data = NOTHING;
    private int dataOffset;
    private int dataLength;
    private boolean terminated;
    private String name = "";

    /** Names repeat, so the last one is kept and compared with the bytes of the next. */
    private String lastName = "";

    private byte[] lastNameBytes = NOTHING;

    SseEvent() {}

    /** The array that holds the event as it came. */
    public byte[] raw() {
        return raw;
    }

    public int rawOffset() {
        return rawOffset;
    }

    public int rawLength() {
        return rawLength;
    }

    /** The array that holds the data; often the same as {@link #raw()}. */
    public byte[] data() {
        return data;
    }

    public int dataOffset() {
        return dataOffset;
    }

    /** Zero for empty data and for an event that has a name only. */
    public int dataLength() {
        return dataLength;
    }

    /** The value of {@code event:}; an empty string if there was none. */
    public String name() {
        return name;
    }

    /**
     * Whether the blank line that ends an event was received. Without it the stream ended right after a whole line: the
     * event is valid, and code that forwards its raw bytes has to add the blank line.
     */
    public boolean terminated() {
        return terminated;
    }

    void nameless() {
        name = "";
    }

    void named(byte[] array, int from, int to) {
        if (!Arrays.equals(array, from, to, lastNameBytes, 0, lastNameBytes.length)) {
            lastNameBytes = Arrays.copyOfRange(array, from, to);
            lastName = new String(lastNameBytes, StandardCharsets.UTF_8);
        }
        name = lastName;
    }

    void rawIs(byte[] array, int offset, int length, boolean ended) {
        raw = array;
        rawOffset = offset;
        rawLength = length;
        terminated = ended;
    }

    void dataIs(byte[] array, int offset, int length) {
        data = array;
        dataOffset = offset;
        dataLength = length;
    }

    /** Releases the caller's arrays. */
    void release() {
        raw = NOTHING;
        data = NOTHING;
    }
}
