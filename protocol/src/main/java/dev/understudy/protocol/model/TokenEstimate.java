package dev.understudy.protocol.model;

/**
 * How many tokens a text has at the very least.
 *
 * <p>Tokenizers get four to five characters of English into a token, three to four of Russian or Hindi and one or two of
 * Chinese; bytes would not compare, since the same letters take one to three of them. Source code with its indents
 * and rules of dashes is where more fit in: a run of one character, up to a hundred of them, can be one token. So each
 * run counts as one character, and eight characters as a token: nearly twice what the densest prose reaches. The number
 * is for telling that a prompt can certainly not fit, and for nothing else.
 */
final class TokenEstimate {
    private static final int CHARACTERS_OF_A_TOKEN = 8;

    private TokenEstimate() {}

    static long tokensAtLeast(long characters) {
        return characters / CHARACTERS_OF_A_TOKEN;
    }

    /** The characters of a JSON string that has been checked, of which like ones in a row count once. */
    static int characters(byte[] text, int from, int to) {
        int count = 0;
        int before = 0;
        int i = from;
        while (i < to) {
            int c = text[i++];
            if (c == '\\') {
                c = text[i++];
                // Which character four digits mean does not matter, only whether they are the same again.
                for (int end = c == 'u' ? i + 4 : i; i < end; i++) {
                    c = c << 8 | text[i];
                }
            } else {
                while (c < 0 && i < to && (text[i] & 0xC0) == 0x80) {
                    c = c << 8 | (text[i++] & 0xFF);
                }
            }
            if (c != before) {
                count++;
            }
            before = c;
        }
        return count;
    }
}
