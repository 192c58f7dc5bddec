package dev.understudy.protocol.dialect;

/**
 * A frame of a stream. There is one object for all frames of a stream, since one comes with each token: it is valid only
 * until the {@link StreamReader} returns.
 */
public final class Frame {
    private static final byte[] NOTHING = {};

    private String name = "";
    private boolean exception;
    private byte[] array = NOTHING;
    private int offset;
    private int length;

    /** An empty frame, to be {@link #set}. */
    public Frame() {}

    /** A frame that is set already. */
    public Frame(String name, boolean exception, byte[] array, int offset, int length) {
        set(name, exception, array, offset, length);
    }

    /**
     * Makes this the next frame.
     *
     * @param next the event's name ({@code event:}, or {@code :event-type} and {@code :exception-type}); empty if it has
     *     none
     * @param marked whether the frame is marked as an error, as in Amazon's event streams
     * @param data the array with its data, which is not copied
     * @param from the offset of the first byte
     * @param bytes how many there are, 0 for none
     */
    public Frame set(String next, boolean marked, byte[] data, int from, int bytes) {
        name = next;
        exception = marked;
        array = data;
        offset = from;
        length = bytes;
        return this;
    }

    /** The event's name; empty if it has none. */
    public String name() {
        return name;
    }

    /** Whether the frame is marked as an error. */
    public boolean exception() {
        return exception;
    }

    /** The array in which the data is. */
    public byte[] array() {
        return array;
    }

    /** Where in the {@link #array} the data begins. */
    public int offset() {
        return offset;
    }

    /** How many bytes of data there are. */
    public int length() {
        return length;
    }
}
