package dev.understudy.protocol.answer;

/** Which characters show nothing. */
public final class InvisibleCharacters {
    private InvisibleCharacters() {}

    /** Also the no-break spaces, the zero-width space and the byte order mark. */
    public static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u200B' || c == '\uFEFF';
    }
}
