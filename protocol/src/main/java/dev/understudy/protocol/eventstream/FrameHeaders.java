package dev.understudy.protocol.eventstream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the headers of a frame: each a length byte, a name, a type byte, and a value whose size follows from the type.
 *
 * <p>Only the strings that identify a frame are kept; all others are skipped. Names of events repeat, so the last
 * text of each header is kept and compared with the bytes of the next.
 *
 * @see <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">Amazon Event Stream Specification</a>
 */
final class FrameHeaders {
    private static final int TYPE_BYTES = 6;
    private static final int TYPE_STRING = 7;

    private final Text messageType = new Text();
    private final Text eventType = new Text();
    private final Text exceptionType = new Text();
    private final Text errorCode = new Text();
    private final Text errorMessage = new Text();

    /** False if they are not well-formed. */
    boolean read(byte[] array, int from, int to) {
        for (Text text : new Text[] {messageType, eventType, exceptionType, errorCode, errorMessage}) {
            text.there = false;
        }
        int at = from;
        while (at < to) {
            int nameFrom = at + 1;
            int nameTo = nameFrom + (array[at] & 0xFF);
            if (nameTo == nameFrom || nameTo >= to) {
                return false;
            }
            int type = array[nameTo];
            int valueFrom = nameTo + 1;
            int size = size(type);
            if (size < 0) {
                if ((type != TYPE_BYTES && type != TYPE_STRING) || to - valueFrom < 2) {
                    return false;
                }
                size = ((array[valueFrom] & 0xFF) << 8) | (array[valueFrom + 1] & 0xFF);
                valueFrom += 2;
            }
            if (to - valueFrom < size) {
                return false;
            }
            if (type == TYPE_STRING) {
                keep(new String(array, nameFrom, nameTo - nameFrom, StandardCharsets.US_ASCII), array, valueFrom, size);
            }
            at = valueFrom + size;
        }
        return true;
    }

    /** The bytes of a value; -1 where they are counted before it, or the type is unknown. */
    private static int size(int type) {
        return switch (type) {
            case 0, 1 -> 0; // true and false
            case 2 -> 1; // byte
            case 3 -> 2; // short
            case 4 -> 4; // integer
            case 5, 8 -> 8; // long and timestamp
            case 9 -> 16; // UUID
            default -> -1;
        };
    }

    private void keep(String name, byte[] array, int from, int length) {
        switch (name) {
            case ":message-type" -> messageType.is(array, from, length);
            case ":event-type" -> eventType.is(array, from, length);
            case ":exception-type" -> exceptionType.is(array, from, length);
            case ":error-code" -> errorCode.is(array, from, length);
            case ":error-message" -> errorMessage.is(array, from, length);
            default -> {}
        }
    }

    /** Writes the headers to the frame. */
    void describe(EventStreamFrame frame) {
        switch (messageType.value()) {
            case "exception" -> frame.named(exceptionType.value(), true);
            case "error" -> {
                frame.named(errorCode.value(), true);
                if (frame.dataLength() == 0) {
                    byte[] words = errorMessage.value().getBytes(StandardCharsets.UTF_8);
                    frame.dataIs(words, 0, words.length);
                }
            }
            default -> frame.named(eventType.value(), false);
        }
    }

    /** The value of one header, of this frame or the last that had it. */
    private static final class Text {
        private byte[] bytes = new byte[0];
        private String text = "";
        private boolean there;

        void is(byte[] array, int from, int length) {
            there = true;
            if (!Arrays.equals(array, from, from + length, bytes, 0, bytes.length)) {
                bytes = Arrays.copyOfRange(array, from, from + length);
                text = new String(bytes, StandardCharsets.UTF_8);
            }
        }

        String value() {
            return there ? text : "";
        }
    }
}
