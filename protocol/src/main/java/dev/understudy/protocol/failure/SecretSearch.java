package dev.understudy.protocol.failure;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The search of one text for the keys in use: in the text as it is, and as it is once the escapes of JSON and of URLs are
 * read, which is repeated because messages quote bodies that quote others. Each place that is found is redacted in the
 * original text.
 */
final class SecretSearch {
    /** A quoted body within a quoted body, escaped for a URL. */
    private static final int MOST_ESCAPES = 3;

    /** A shorter beginning of a key, at the end of a text that was cut, tells nothing. */
    private static final int SHORTEST_BEGINNING = 4;

    private final SecretIndex index;
    private final String text;
    private final boolean cut;
    private final BitSet secret = new BitSet();

    /** @param cut whether the text may end with a part of a key */
    SecretSearch(SecretIndex index, String text, boolean cut) {
        this.index = index;
        this.text = text;
        this.cut = cut;
    }

    /**
     * A text whose escapes were read.
     *
     * @param from where each character began in the original text; one more entry is the original's end
     */
    @SuppressWarnings("ArrayRecordComponent") // Passed on and never compared.
    private record View(char[] characters, int length, int[] from) {}

    String redacted() {
        View view = original();
        search(view);
        for (int round = 0; round < MOST_ESCAPES; round++) {
            // JSON first, since a body in JSON may quote a URL.
            View json = searched(view, '\\');
            View read = searched(json, '%');
            if (read.length == view.length) {
                break;
            }
            view = read;
        }
        return secret.isEmpty() ? text : replaced();
    }

    private View original() {
        int[] from = new int[text.length() + 1];
        for (int i = 0; i < from.length; i++) {
            from[i] = i;
        }
        return new View(text.toCharArray(), text.length(), from);
    }

    private void search(View view) {
        long window = 0;
        for (int i = 0; i < view.length; i++) {
            window = SecretIndex.slide(window, view.characters[i]);
            int at = i + 1 - SecretsInUse.SHORTEST;
            if (at >= 0) {
                int length = index.lengthAt(view.characters, view.length, at, window);
                if (length > 0) {
                    secret.set(view.from[at], view.from[at + length]);
                }
            }
        }
        if (cut) {
            index.forEach(each -> searchEnd(view, each));
        }
    }

    private void searchEnd(View view, String each) {
        for (int length = Math.min(each.length() - 1, view.length); length >= SHORTEST_BEGINNING; length--) {
            int at = view.length - length;
            if (view.characters[at] == each.charAt(0) && each.startsWith(new String(view.characters, at, length))) {
                secret.set(view.from[at], text.length());
                return;
            }
        }
    }

    /** The view with one layer of escapes read, and searched if it had any. */
    private View searched(View view, char escape) {
        View read = read(view, escape);
        if (read.length == view.length) {
            return view;
        }
        search(read);
        return read;
    }

    private static View read(View view, char escape) {
        char[] characters = new char[view.length];
        int[] from = new int[view.length + 1];
        int length = 0;
        int at = 0;
        while (at < view.length) {
            from[length] = view.from[at];
            int end = view.characters[at] == escape ? escapeEnd(view, at) : at + 1;
            characters[length++] = end == at + 1 ? view.characters[at] : meant(view, at, end);
            at = end;
        }
        from[length] = view.from[view.length];
        return new View(characters, length, Arrays.copyOf(from, length + 1));
    }

    /** The end of the escape that begins at a place; the next place if none does. */
    private static int escapeEnd(View view, int at) {
        if (view.characters[at] == '%') {
            return isHex(view, at + 1, 2) ? at + 3 : at + 1;
        }
        if (at + 1 == view.length) {
            return at + 1;
        }
        return view.characters[at + 1] == 'u' ? (isHex(view, at + 2, 4) ? at + 6 : at + 1) : at + 2;
    }

    private static boolean isHex(View view, int at, int digits) {
        if (at + digits > view.length) {
            return false;
        }
        for (int i = at; i < at + digits; i++) {
            if (Character.digit(view.characters[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static char meant(View view, int at, int end) {
        int digits = end - at == 6 ? 4 : end - at == 3 ? 2 : 0;
        // Other escapes of JSON stand for themselves, or for control characters, which no key has.
        return digits == 0
                ? view.characters[end - 1]
                : (char) Integer.parseInt(new String(view.characters, end - digits, digits), 16);
    }

    private String replaced() {
        StringBuilder kept = new StringBuilder(text.length());
        int at = 0;
        for (int from = secret.nextSetBit(0); from >= 0; from = secret.nextSetBit(at)) {
            kept.append(text, at, from).append(SecretsInUse.HIDDEN);
            at = secret.nextClearBit(from);
        }
        return kept.append(text, at, text.length()).toString();
    }
}
