package dev.understudy.store;

/** Texts that callers and providers choose, made fit for both databases. */
final class StoredText {
    private static final char REPLACEMENT = '\uFFFD';

    private StoredText() {}

    /**
     * The text with a bound on its length and without characters that PostgreSQL rejects: NUL, and halves of surrogate pairs. One
     * row with such a character would make a whole batch fail.
     */
    static String of(String text, int longest) {
        String shortened = text.length() <= longest ? text : text.substring(0, longest);
        for (int i = 0; i < shortened.length(); i++) {
            char c = shortened.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return repaired(shortened);
            }
        }
        return shortened;
    }

    private static String repaired(String text) {
        StringBuilder repaired = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (isPair) {
                repaired.append(c).append(text.charAt(++i));
            } else {
                repaired.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return repaired.toString();
    }
}
