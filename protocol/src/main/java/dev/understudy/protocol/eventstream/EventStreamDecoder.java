package dev.understudy.protocol.eventstream;

import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * Splits a byte stream into Amazon's frames, however the network split it.
 *
 * <p>A frame is its whole length and the length of its headers (four bytes each, big-endian), a checksum of these
 * eight, the headers, the payload, and a checksum of all that came before. The first checksum is verified before a
 * length is used, so that the decoder never waits for garbage.
 *
 * <p>A frame that lies inside one chunk is not copied. When a chunk ends inside a frame, its bytes are kept until the rest
 * has come.
 *
 * <p>Not thread-safe. A handler must not call back into its decoder.
 *
 * @see <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">Amazon Event Stream Specification</a>
 */
public final class EventStreamDecoder {
    static final int PRELUDE = 12;
    static final int CHECKSUM = 4;

    private final int limit;
    private final EventStreamFrame frame = new EventStreamFrame();
    private final FrameHeaders headers = new FrameHeaders();
    private final CRC32 crc = new CRC32();

    /** The open frame's bytes of earlier chunks. */
    private byte[] kept = new byte[0];

    private int keptLength;
    private boolean stopped;

    /** @param limit how many bytes one frame may have, all in all */
    public EventStreamDecoder(int limit) {
        if (limit < PRELUDE + CHECKSUM) {
            throw new IllegalArgumentException("no frame is that small: " + limit);
        }
        this.limit = limit;
    }

    /** Reads the next bytes. The array is neither changed nor kept. */
    public void feed(byte[] array, int offset, int length, EventStreamHandler handler) {
        Objects.checkFromIndexSize(offset, length, array.length);
        int at = offset;
        int end = offset + length;
        while (!stopped && at < end) {
            at = keptLength == 0 ? inPlace(array, at, end, handler) : completing(array, at, end, handler);
        }
    }

    /** Reads a frame without a copy, and keeps its bytes if it is incomplete. */
    private int inPlace(byte[] array, int at, int end, EventStreamHandler handler) {
        int size = end - at < PRELUDE ? PRELUDE : frameSize(array, at, handler);
        if (stopped) {
            return end;
        }
        if (end - at < size) {
            keep(array, at, end - at);
            return end;
        }
        dispatch(array, at, size, handler);
        return at + size;
    }

    /** Adds the missing bytes to those that are kept: first the prelude and then, when the size is known, the rest. */
    private int completing(byte[] array, int at, int end, EventStreamHandler handler) {
        int size = keptLength < PRELUDE ? PRELUDE : lengthAt(kept, 0);
        int taken = Math.min(size - keptLength, end - at);
        keep(array, at, taken);
        if (keptLength == PRELUDE) {
            size = frameSize(kept, 0, handler);
        }
        if (!stopped && keptLength == size) {
            dispatch(kept, 0, size, handler);
            keptLength = 0;
        }
        return at + taken;
    }

    /** The size of the frame that begins there, after its prelude was verified. */
    private int frameSize(byte[] array, int at, EventStreamHandler handler) {
        int size = lengthAt(array, at);
        int headersSize = lengthAt(array, at + 4);
        if (checksum(array, at, 8) != lengthAt(array, at + 8)) {
            giveUp("the checksum of a frame's lengths is wrong", handler);
        } else if (size < 0 || size > limit) {
            giveUp("a frame is larger than " + limit + " bytes", handler);
        } else if (headersSize < 0 || headersSize > size - PRELUDE - CHECKSUM) {
            giveUp("a frame's headers are longer than the frame", handler);
        }
        return size;
    }

    private void dispatch(byte[] array, int at, int size, EventStreamHandler handler) {
        int end = at + size - CHECKSUM;
        int headersEnd = at + PRELUDE + lengthAt(array, at + 4);
        if (checksum(array, at, size - CHECKSUM) != lengthAt(array, end)) {
            giveUp("the checksum of a frame is wrong", handler);
        } else if (!headers.read(array, at + PRELUDE, headersEnd)) {
            giveUp("the headers of a frame cannot be read", handler);
        } else {
            frame.rawIs(array, at, size);
            frame.dataIs(array, headersEnd, end - headersEnd);
            headers.describe(frame);
            handler.frame(frame);
            frame.release();
        }
    }

    private int checksum(byte[] array, int at, int length) {
        crc.reset();
        crc.update(array, at, length);
        return (int) crc.getValue();
    }

    /** Lengths are unsigned; one beyond two gigabytes reads as negative, and is rejected. */
    private static int lengthAt(byte[] array, int at) {
        return (array[at] << 24)
                | ((array[at + 1] & 0xFF) << 16)
                | ((array[at + 2] & 0xFF) << 8)
                | (array[at + 3] & 0xFF);
    }

    private void keep(byte[] array, int at, int length) {
        if (kept.length - keptLength < length) {
            kept = Arrays.copyOf(kept, Math.max(keptLength + length, Math.min(limit, 2 * kept.length)));
        }
        System.arraycopy(array, at, kept, keptLength, length);
        keptLength += length;
    }

    private void giveUp(String why, EventStreamHandler handler) {
        forgetKept();
        handler.malformed(why);
    }

    /** How many bytes of an incomplete frame are kept. */
    public int kept() {
        return keptLength;
    }

    /** Drops these bytes; the decoder ignores all further ones. */
    public void forgetKept() {
        stopped = true;
        kept = new byte[0];
        keptLength = 0;
    }

    /** The stream is over; the decoder ignores all further bytes. */
    public void end(EventStreamHandler handler) {
        if (!stopped) {
            stopped = true;
            if (keptLength > 0) {
                handler.cut(kept, 0, keptLength);
            }
        }
    }
}
