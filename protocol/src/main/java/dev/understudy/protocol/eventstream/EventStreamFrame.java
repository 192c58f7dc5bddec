package dev.understudy.protocol.eventstream;

/**
 * One frame, valid during the call of an {@link EventStreamHandler}: the decoder reuses the object for the next one.
 *
 * <p>The raw bytes are the whole frame with its checksums, as it came; the payload lies inside of them.
 */
public final class EventStreamFrame {
    private static final byte[] NOTHING = {};

    private byte[] raw = NOTHING;
    private int rawOffset;
    private int rawLength;
    private byte[] data = NOTHING;
    private int dataOffset;
    private int dataLength;
    private String name = "";
    private boolean exception;

    EventStreamFrame() {}

    /** The array that holds the frame as it came. */
    public byte[] raw() {
        return raw;
    }

    public int rawOffset() {
        return rawOffset;
    }

    public int rawLength() {
        return rawLength;
    }

    /** The array that holds the payload; often the same as {@link #raw()}. */
    public byte[] data() {
        return data;
    }

    public int dataOffset() {
        return dataOffset;
    }

    /** Zero for an empty payload. */
    public int dataLength() {
        return dataLength;
    }

    /** {@code :event-type}, {@code :exception-type} or {@code :error-code}; an empty string if there is none. */
    public String name() {
        return name;
    }

    /**
     * Whether {@code :message-type} says that it is an exception or an error. An error has no payload; its data are the
     * text of {@code :error-message}.
     */
    public boolean exception() {
        return exception;
    }

    void rawIs(byte[] array, int offset, int length) {
        raw = array;
        rawOffset = offset;
        rawLength = length;
    }

    void dataIs(byte[] array, int offset, int length) {
        data = array;
        dataOffset = offset;
        dataLength = length;
    }

    void named(String text, boolean isException) {
        name = text;
        exception = isException;
    }

    /** Releases the caller's arrays. */
    void release() {
        raw = NOTHING;
        data = NOTHING;
    }
}
