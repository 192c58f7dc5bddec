package dev.understudy.protocol.model;

/**
 * An estimate of how many tokens a request's prompt has, for callers that ask for a count which no provider of their
 * dialect can give.
 *
 * <p>Tokenizers of current models get about four characters of English prose or code into a token, two of the letters of
 * other alphabets, and one or fewer of Chinese, Japanese and Korean; see OpenAI's and Anthropic's pages on counting tokens.
 * A base64 string is a file, which costs about as much as an image of usual size.
 */
public final class PromptTokens {
    private static final int QUARTERS = 4;
    /** What images of one megapixel cost at Anthropic (1,334), OpenAI (765 to 1,105) and Google (1,290). */
    private static final int TOKENS_OF_A_FILE = 1_300;

    /** No word is as long as this without a space or an escape. */
    private static final int LONGEST_WORD = 2_000;

    private PromptTokens() {}

    /** The estimate for a body: its texts, its tool definitions and its structure. */
    public static long estimate(byte[] body) {
        long quarters = 0;
        long files = 0;
        int word = 0;
        for (byte b : body) {
            if (isOfAWord(b)) {
                word++;
                continue;
            }
            if (word > LONGEST_WORD) {
                files++;
            } else {
                quarters += word;
            }
            word = 0;
            if (b < 0) {
                quarters += quartersOf(b);
            } else if (b != ' ' && b != '\n' && b != '\t' && b != '\r') {
                quarters++;
            }
        }
        return Math.max(1, (quarters + word) / QUARTERS + files * TOKENS_OF_A_FILE);
    }

    private static boolean isOfAWord(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '+'
                || b == '/'
                || b == '='
                || b == '-'
                || b == '_';
    }

    /** By the first byte of a character in UTF-8; the others count nothing. */
    private static int quartersOf(byte b) {
        int first = b & 0xFF;
        if (first < 0xC0) {
            return 0;
        }
        return first < 0xE0 ? QUARTERS / 2 : QUARTERS;
    }
}
