package dev.understudy.protocol.failure;

import java.util.regex.Pattern;

/**
 * Makes a provider's text safe to show and to log: without control characters, without the {@linkplain SecretsInUse keys in
 * use} and anything that looks like a credential, and limited in length.
 */
final class ErrorTextSanitizer {
    /** How many characters of a message are kept. */
    static final int LIMIT = 1_000;

    /** How many are searched: a few times the limit, so that the patterns run on little text. */
    private static final int READ = 4 * LIMIT;

    private static final String HIDDEN = SecretsInUse.HIDDEN;

    /** Keys by their vendors' prefixes; providers echo a part of the key in 401 responses. */
    private static final Pattern KEY =
            Pattern.compile("(?<![A-Za-z0-9])(?:sk|rk|pk|gsk|xai|pplx|hf|nvapi|r8|csk)[-_][A-Za-z0-9_*.\\-]{6,}"
                    + "|(?<![A-Za-z0-9])AIza[A-Za-z0-9_*\\-]{10,}"
                    + "|(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{12,}"
                    + "|(?<![A-Za-z0-9])eyJ[A-Za-z0-9_\\-]{10,}[A-Za-z0-9_.\\-]*");

    private static final Pattern NAMED_KEY = Pattern.compile(
            "(?i)(\\b(?:bearer|api[-_ ]?key provided:|(?:x-)?api[-_]?key[\"']?\\s?[:=])\\s{0,4}[\"']?)[^\\s\"',;]{6,}");

    private ErrorTextSanitizer() {}

    static String clean(String text) {
        // Before anything is cut off or replaced, since a part of a key is not recognised as one.
        String hidden = SecretsInUse.redact(text, text.length() > LIMIT);
        String shown = printable(hidden.length() > READ ? hidden.substring(0, READ) : hidden);
        shown = withoutLikelyKeys(shown);
        return shown.length() > LIMIT ? cut(shown) : shown;
    }

    /** The text without what looks like a credential, in a time that is linear in its length. */
    static String withoutLikelyKeys(String text) {
        return NAMED_KEY.matcher(KEY.matcher(text).replaceAll(HIDDEN)).replaceAll("$1" + HIDDEN);
    }

    /** Whether a text of any length contains nothing that looks like a credential. */
    static boolean isClean(String text) {
        return !KEY.matcher(text).find() && !NAMED_KEY.matcher(text).find();
    }

    private static String printable(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isHalfACharacter(text, i)) {
                continue;
            }
            if (Character.isWhitespace(c) || Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                gap = !kept.isEmpty();
            } else {
                if (gap) {
                    kept.append(' ');
                    gap = false;
                }
                kept.append(c);
            }
        }
        return kept.toString();
    }

    /** Half of a surrogate pair without the other: JSON can contain it, but it cannot be encoded again. */
    private static boolean isHalfACharacter(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private static String cut(String text) {
        int end = LIMIT - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "…";
    }
}
