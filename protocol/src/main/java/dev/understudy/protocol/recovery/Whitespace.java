package dev.understudy.protocol.recovery;

/** White space, by one definition for what is cut from a text and for what is expected to come again. */
final class Whitespace {

    private Whitespace() {}

    static boolean is(char c) {
        // The no-break spaces are not white space to Java, but to the providers that reject it at the end.
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** The offset after the last character that is not blank; 0 if all are. */
    static int endOfText(String text) {
        int end = text.length();
        while (end > 0 && is(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** The offset of the first character that is not blank; the length if all are. */
    static int startOfText(String text) {
        int start = 0;
        while (start < text.length() && is(text.charAt(start))) {
            start++;
        }
        return start;
    }

    static boolean breaksLine(CharSequence blanks) {
        for (int i = 0; i < blanks.length(); i++) {
            char c = blanks.charAt(i);
            if (c == '\n' || c == '\r') {
                return true;
            }
        }
        return false;
    }
}
