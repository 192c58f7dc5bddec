package dev.understudy.gateway.contents;

import dev.understudy.calls.config.ContentsSettings;
import dev.understudy.calls.config.ContentsSettings.Personal;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.options.AnswerPattern;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Removes what must not be kept from a text: the keys in use, whatever looks like a key or a password, and what the configuration
 * names. Each search takes a time that is linear in the length of the text.
 */
record Redaction(Set<Personal> personal, Set<AnswerPattern> patterns) {
    private static final String HIDDEN = SecretsInUse.HIDDEN;

    /** Tokens of code hosts, chats and clouds, which {@link SecretsInUse#redactCredentials} does not know, and private keys. */
    private static final Pattern TOKEN = Pattern.compile("(?<![A-Za-z0-9])(?:gh[oprsu]_[A-Za-z0-9]{20,255}"
            + "|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,255}|xox[abeoprs]-[A-Za-z0-9-]{10,255}"
            + "|ya29\\.[A-Za-z0-9_-]{20,2000}|npm_[A-Za-z0-9]{30,255})"
            + "|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?");

    /** A value beside a name that says what it is, in JSON (also inside a text), in settings and in addresses. */
    private static final Pattern NAMED = Pattern.compile(
            "(?i)((?:password|passwd|secret|access_token|refresh_token|authorization)"
                    + "\\\\{0,3}[\"']?\\s{0,4}[:=]\\s{0,4}\\\\{0,3}[\"']?(?:(?:basic|bearer|token)\\s{1,4})?)[^\\s\"'\\\\,;&]{4,500}");

    /** The lengths are those that RFC 5321 and RFC 1035 permit. */
    private static final Pattern EMAIL =
            Pattern.compile("[\\p{L}\\p{N}._%+-]{1,64}@(?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}\\p{L}{2,24}");

    /** Of the issuers of payment cards, in groups or not. What follows a point is a fraction. */
    private static final Pattern CARD = Pattern.compile("(?<![0-9A-Za-z.])[2-6](?:[ -]?[0-9]){12,18}(?![0-9])");

    Redaction {
        personal = Set.copyOf(personal);
    }

    static Redaction of(ContentsSettings settings) {
        return new Redaction(settings.redact(), settings.patterns());
    }

    /**
     * The text without what must not be kept.
     *
     * @param cut whether the text may end with a part of a key
     */
    String of(String text, boolean cut) {
        String clean = SecretsInUse.redactCredentials(text, cut);
        clean = TOKEN.matcher(clean).replaceAll(HIDDEN);
        clean = NAMED.matcher(clean).replaceAll("$1" + HIDDEN);
        if (personal.contains(Personal.EMAILS)) {
            clean = EMAIL.matcher(clean).replaceAll(HIDDEN);
        }
        if (personal.contains(Personal.CARD_NUMBERS)) {
            clean = CARD.matcher(clean).replaceAll(Redaction::withoutCardNumber);
        }
        for (AnswerPattern pattern : patterns) {
            clean = pattern.replacedIn(clean, HIDDEN);
        }
        return clean;
    }

    private static String withoutCardNumber(MatchResult found) {
        return hasCheckDigit(found.group()) ? HIDDEN : found.group();
    }

    /** The last digit of a card's number follows from the others (ISO/IEC 7812); of ten other numbers it does for one. */
    private static boolean hasCheckDigit(String number) {
        int sum = 0;
        boolean doubled = false;
        for (int i = number.length() - 1; i >= 0; i--) {
            int digit = number.charAt(i) - '0';
            if (digit >= 0) {
                int counted = doubled ? 2 * digit : digit;
                sum += counted > 9 ? counted - 9 : counted;
                doubled = !doubled;
            }
        }
        return sum % 10 == 0;
    }
}
