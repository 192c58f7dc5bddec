package dev.understudy.protocol.json;

/** Finds the end of a JSON number, and checks its form (RFC 8259, section 6). */
final class NumberScan {
    /** Longer numbers mean nothing to a model; shorter ones pass whatever their form. In digits. */
    static final int LONGEST = 10_000;

    /** More characters may not fit a long, and count nothing. */
    private static final int LONGEST_WHOLE = 18;

    private NumberScan() {}

    /** The offset after the number that begins at {@code from} with a digit or a minus. */
    static int end(byte[] text, int from, int to) throws MalformedJson {
        int at = text[from] == '-' ? from + 1 : from;
        int whole = at;
        at = digitsEnd(text, at, to);
        if (text[whole] == '0' && at > whole + 1) {
            throw new MalformedJson(JsonFault.STRANGE_NUMBER, whole + 1);
        }
        if (at < to && text[at] == '.') {
            at = digitsEnd(text, at + 1, to);
        }
        if (at < to && (text[at] == 'e' || text[at] == 'E')) {
            at++;
            if (at < to && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            at = digitsEnd(text, at, to);
        }
        if (at - from > LONGEST && digits(text, from, at) > LONGEST) {
            throw new MalformedJson(JsonFault.TOO_LONG, from);
        }
        return at;
    }

    /** The value of a number that has been checked; {@code otherwise} if it has a point, an exponent or more than 18 characters. */
    static long whole(byte[] text, int from, int to, long otherwise) {
        if (to - from > LONGEST_WHOLE) {
            return otherwise;
        }
        boolean negative = text[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < to; i++) {
            if (!isDigit(text[i])) {
                return otherwise;
            }
            value = value * 10 + (text[i] - '0');
        }
        return negative ? -value : value;
    }

    /** The offset after the digits, of which there must be one. */
    private static int digitsEnd(byte[] text, int from, int to) throws MalformedJson {
        int at = from;
        while (at < to && isDigit(text[at])) {
            at++;
        }
        if (at == from) {
            throw new MalformedJson(from == to ? JsonFault.ENDS_EARLY : JsonFault.STRANGE_NUMBER, from);
        }
        return at;
    }

    private static int digits(byte[] text, int from, int to) {
        int digits = 0;
        for (int i = from; i < to; i++) {
            digits += isDigit(text[i]) ? 1 : 0;
        }
        return digits;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
