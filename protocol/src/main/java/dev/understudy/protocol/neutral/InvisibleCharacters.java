package dev.understudy.protocol.neutral;

/** Which characters are invisible. */
public final class InvisibleCharacters {
    private InvisibleCharacters() {}

    /** White space, and also the no-break spaces, the zero-width space and the byte order mark. */
    public static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u200B' || c == '\uFEFF';
    }

    /** Whether a text has no other characters; true of an empty one. */
    public static boolean only(String text) {
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!isBlank(c)) {
                return false;
            }
            at += Character.charCount(c);
        }
        return true;
    }
}
