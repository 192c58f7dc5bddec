package dev.understudy.protocol.failure;

/**
 * Removes quotations from a message. Errors about a request quote it, so a caller could otherwise make an error
 * say that the key has no credit left: {@code Invalid value: 'credit balance'. Supported values are: …}.
 */
final class QuotedText {

    private QuotedText() {}

    /** The text without what is in double quotes, backticks or single quotes; apostrophes quote nothing. */
    static String leftOut(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int end = isQuote(text, at) ? closing(text, at) : -1;
            if (end < 0) {
                kept.append(text.charAt(at));
                at++;
            } else {
                kept.append("''");
                at = end + 1;
            }
        }
        return kept.toString();
    }

    private static boolean isQuote(String text, int at) {
        return switch (text.charAt(at)) {
            case '"', '`' -> true;
            case '\'' -> at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            default -> false;
        };
    }

    /** Where the quotation that begins here ends; -1 if it does not. Texts are short enough to look for each. */
    private static int closing(String text, int at) {
        char mark = text.charAt(at);
        int end = text.indexOf(mark, at + 1);
        while (mark == '\'' && end >= 0 && end + 1 < text.length() && Character.isLetterOrDigit(text.charAt(end + 1))) {
            end = text.indexOf(mark, end + 1);
        }
        return end;
    }
}
