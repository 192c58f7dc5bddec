package dev.understudy.protocol.recovery;

/**
 * Finds the longest end of a text with which another text begins, one character at a time.
 *
 * <p>A repetition counts if it has at least 12 characters, or if it is whole words: it begins where a word of the old text
 * begins, ends where a word of the new one ends, and has a letter in it. So "on the" and "the mat" overlap, but "bal" and
 * "loon" do not. After a space a single word is not enough: a continuation of "twenty" with " twenty-one" begins a new
 * word, and a word that comes twice is a smaller loss than one that is gone. Digits and signs alone are not taken for a repetition: "1,000" and ",000" may well make a million.
 *
 * <p>Looks at the last 200 characters only, so that each character of the new text costs at most 200 comparisons, and
 * after 200 of them all is known.
 */
final class SuffixPrefixMatch {
    private static final int LONGEST = 200;
    private static final int CERTAIN = 12;

    private final String tail;

    /** Whether a word begins right at the start of the tail. */
    private final boolean wordAtStart;

    /** Where in the tail the new text may have begun, as far as it agrees. */
    private final int[] starts;

    private int alive;
    private int taken;
    private char last;
    private boolean letter;
    private String blanksBefore = "";

    /** The length of a repetition of whole words, if the next character does not belong to its last word; else 0. */
    private int waiting;

    private int length;

    SuffixPrefixMatch(String known) {
        int from = Math.max(0, known.length() - LONGEST);
        this.tail = known.substring(from);
        this.wordAtStart = from == 0 || !insideWord(known.charAt(from - 1), known.charAt(from));
        this.alive = tail.length();
        this.starts = new int[alive];
        for (int i = 0; i < alive; i++) {
            starts[i] = i;
        }
    }

    /** The white space that came before the new text; it counts towards the length of a repetition. */
    void after(CharSequence blanks) {
        blanksBefore = blanks.toString();
    }

    void take(char c) {
        if (!isOpen()) {
            return;
        }
        if (waiting > 0 && !insideWord(last, c)) {
            length = waiting;
        }
        waiting = 0;
        letter |= Character.isLetter(c);
        int kept = 0;
        for (int i = 0; i < alive; i++) {
            int at = starts[i] + taken;
            if (tail.charAt(at) == c) {
                if (at + 1 < tail.length()) {
                    starts[kept++] = starts[i];
                } else {
                    ended(starts[i], taken + 1);
                }
            }
        }
        alive = kept;
        last = c;
        taken++;
    }

    /** All of the tail from {@code start} on has come again. */
    private void ended(int start, int repeated) {
        if (blanksBefore.length() == 1 && !isSeveralWords(start)) {
            return;
        }
        if (repeated + blanksRepeatedBefore(start) >= CERTAIN) {
            length = repeated;
        } else if (letter && beginsWord(start)) {
            waiting = repeated;
        }
    }

    private boolean isSeveralWords(int start) {
        return tail.substring(start).chars().anyMatch(c -> Whitespace.is((char) c));
    }

    private int blanksRepeatedBefore(int start) {
        int count = 0;
        while (count < start
                && count < blanksBefore.length()
                && tail.charAt(start - 1 - count) == blanksBefore.charAt(blanksBefore.length() - 1 - count)) {
            count++;
        }
        return count;
    }

    private boolean beginsWord(int start) {
        return start == 0 ? wordAtStart : !insideWord(tail.charAt(start - 1), tail.charAt(start));
    }

    private static boolean insideWord(char before, char after) {
        return isOfWord(before) && isOfWord(after);
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    /** Whether more of the new text may change {@link #length()}. */
    boolean isOpen() {
        return alive > 0 || waiting > 0;
    }

    /** The new text is over, and with it its last word. */
    void end() {
        if (waiting > 0) {
            length = waiting;
        }
        waiting = 0;
        alive = 0;
    }

    /** How many characters at the start of the new text repeat the end of the old one. */
    int length() {
        return length;
    }
}
