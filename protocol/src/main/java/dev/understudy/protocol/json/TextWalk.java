package dev.understudy.protocol.json;

/**
 * Walks over the characters of a JSON string that has been checked, with its escapes resolved.
 *
 * <p>A character is a code point; the halves of a surrogate pair that is written as two escapes come one by one, as do
 * halves without the other.
 */
final class TextWalk {
    private final byte[] text;
    private final int to;
    private int at;

    /** @param from after the opening quote; {@code to} is that of the closing one */
    TextWalk(byte[] text, int from, int to) {
        this.text = text;
        this.at = from;
        this.to = to;
    }

    boolean more() {
        return at < to;
    }

    int next() {
        int lead = text[at++];
        if (lead >= 0) {
            return lead == '\\' ? escaped() : lead;
        }
        if (lead < (byte) 0xE0) {
            return (lead & 0x1F) << 6 | tail();
        }
        if (lead < (byte) 0xF0) {
            return (lead & 0xF) << 12 | tail() << 6 | tail();
        }
        return (lead & 7) << 18 | tail() << 12 | tail() << 6 | tail();
    }

    private int tail() {
        return text[at++] & 0x3F;
    }

    private int escaped() {
        byte letter = text[at++];
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int unit = 0;
                for (int i = 0; i < 4; i++) {
                    unit = unit << 4 | Character.digit(text[at++], 16);
                }
                yield unit;
            }
            default -> letter;
        };
    }
}
