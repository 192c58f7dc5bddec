package dev.understudy.protocol.recovery;

/**
 * Finds where the text of a continuation begins to be new, and lets through what follows.
 *
 * <p>A model continues in one of four ways, and only its text shows which.
 *
 * <ul>
 *   <li>It continues. Its text passes as soon as it cannot be anything else, which mostly is at once.
 *   <li>It begins with <b>the whole answer so far</b>. As long as it agrees with that from its start it is held back;
 *       when the whole has come again, it is dropped and the rest passes.
 *   <li>It repeats <b>some of the end</b>; see {@link SuffixPrefixMatch}.
 *   <li>It gives <b>another answer</b>: it agreed with the start for a good while and then differed. The caller cannot
 *       be given two beginnings, so nothing of it passes, and {@link State#REWRITE} says so.
 * </ul>
 *
 * <p><b>White space</b> at the place where the two meet is compared apart from the text, because models add it, leave it
 * out, or do not know of it: a prefill goes out without it. The caller has what the first target sent, and the second
 * one's is dropped as far as it says the same again; a line break that is new passes.
 *
 * <p>Without a text of the caller's everything passes: then the continuation is a whole answer.
 *
 * <p>Nothing is kept beyond about 400 characters, and each character is looked at a bounded number of times. A character
 * of two halves (a surrogate pair) is never given out in two pieces. Not thread-safe.
 */
public final class Seam {
    /** Agreement of this length with the start is no coincidence. */
    private static final int CERTAIN = 40;

    /** For a short answer half of it is enough, but not less than this: many sentences begin with the same words. */
    private static final int LEAST = 12;

    /** How much white space is waited through. */
    private static final int MOST_BLANKS = 200;

    /** What is known of the continuation. */
    public enum State {
        /** It may still be a repetition: what came is held back. */
        UNDECIDED,
        /** It continues where the caller's text ends, and everything passes. */
        FLOWING,
        /** It is a different answer from the start, of no use to this caller. Nothing more passes. */
        REWRITE
    }

    private enum Phase {
        BLANKS_BEFORE,
        MATCHING,
        BLANKS_AFTER,
        FLOWING,
        REWRITE
    }

    /** The caller's text without the white space around it. */
    private final String known;

    /** The white space at the end of the caller's text. */
    private final String gap;

    /** Whether the target was not shown that white space, so that it may give it again. */
    private final boolean gapUnseen;

    private final SuffixPrefixMatch overlap;
    private final StringBuilder blanks = new StringBuilder();
    private final StringBuilder held = new StringBuilder();
    private final StringBuilder out = new StringBuilder();

    private Phase phase;

    /** How many characters agree with the start of the known text. */
    private int agreed;

    private boolean agrees = true;

    /**
     * @param sent what the caller has
     * @param form the form of the continuation request
     */
    public Seam(String sent, ContinuationForm form) {
        int end = Whitespace.endOfText(sent);
        this.known = sent.substring(Math.min(Whitespace.startOfText(sent), end), end);
        this.gap = sent.substring(end);
        this.gapUnseen = form.trimsTheEnd() || known.isEmpty();
        this.overlap = new SuffixPrefixMatch(known);
        this.phase = sent.isEmpty() ? Phase.FLOWING : Phase.BLANKS_BEFORE;
    }

    /**
     * The whole text of a caller that has {@code sent} and gets a complete continuation behind it.
     *
     * @param form the form of the continuation request
     * @param continuation all of its text, repetitions included
     */
    public static String joined(String sent, ContinuationForm form, String continuation) {
        Seam seam = new Seam(sent, form);
        return sent + seam.accept(continuation) + seam.end();
    }

    /** Whether the caller has text: white space alone is none. */
    public boolean isInsideText() {
        return !known.isEmpty();
    }

    public State state() {
        return switch (phase) {
            case BLANKS_BEFORE, MATCHING, BLANKS_AFTER -> State.UNDECIDED;
            case FLOWING -> State.FLOWING;
            case REWRITE -> State.REWRITE;
        };
    }

    /** Takes in more of the continuation's text and returns what the caller may have now; "" while it is held back. */
    public String accept(CharSequence more) {
        int at = 0;
        while (at < more.length() && phase != Phase.FLOWING && phase != Phase.REWRITE) {
            take(more.charAt(at++));
        }
        if (phase == Phase.FLOWING) {
            out.append(more, at, more.length());
        }
        int ready = out.length();
        if (ready > 0 && Character.isHighSurrogate(out.charAt(ready - 1))) {
            ready--;
        }
        return taken(ready);
    }

    /**
     * The continuation has ended, or turned into something else than text: returns what was held back and belongs to the
     * caller. What is accepted afterwards passes, unless it is a rewrite.
     */
    public String end() {
        switch (phase) {
            case BLANKS_BEFORE, BLANKS_AFTER -> flow();
            case MATCHING -> {
                if (agrees) {
                    differs();
                }
                overlap.end();
                decide();
                if (phase == Phase.BLANKS_AFTER) {
                    flow();
                }
            }
            case FLOWING, REWRITE -> {}
        }
        return taken(out.length());
    }

    private String taken(int length) {
        if (phase == Phase.REWRITE || length == 0) {
            return "";
        }
        String text = out.substring(0, length);
        out.delete(0, length);
        return text;
    }

    private void take(char c) {
        switch (phase) {
            case BLANKS_BEFORE -> {
                if (Whitespace.is(c) && blanks.length() < MOST_BLANKS) {
                    blanks.append(c);
                } else if (known.isEmpty()) {
                    flow();
                    out.append(c);
                } else {
                    phase = Phase.MATCHING;
                    overlap.after(blanks);
                    match(c);
                }
            }
            case MATCHING -> match(c);
            case BLANKS_AFTER -> {
                if (Whitespace.is(c) && blanks.length() < MOST_BLANKS) {
                    blanks.append(c);
                } else {
                    flow();
                    out.append(c);
                }
            }
            case FLOWING -> out.append(c);
            case REWRITE -> {}
        }
    }

    private void match(char c) {
        overlap.take(c);
        if (agrees && known.charAt(agreed) == c) {
            agreed++;
            if (agreed == known.length()) {
                removed();
            }
            return;
        }
        if (agrees) {
            differs();
        }
        held.append(c);
        if (!overlap.isOpen()) {
            decide();
        }
    }

    /** What agreed so far was not stored, for it is in the known text; from now on it is not. */
    private void differs() {
        agrees = false;
        held.append(known, 0, agreed);
    }

    private void decide() {
        int repeated = overlap.length();
        boolean beganAnew = agreed >= Math.min(CERTAIN, Math.max(LEAST, (known.length() + 1) / 2));
        // A text that repeats itself may agree with both its start and its end: the longer agreement tells.
        if (repeated > 0 && (repeated >= agreed || !beganAnew)) {
            String rest = held.substring(repeated);
            held.setLength(0);
            removed();
            for (int i = 0; i < rest.length(); i++) {
                take(rest.charAt(i));
            }
        } else if (beganAnew) {
            phase = Phase.REWRITE;
            held.setLength(0);
        } else {
            flow();
            out.append(held);
            held.setLength(0);
        }
    }

    /** What came before is what the caller has; white space that follows stands where the caller's does. */
    private void removed() {
        blanks.setLength(0);
        phase = Phase.BLANKS_AFTER;
    }

    private void flow() {
        boolean sameGap = gapUnseen || phase == Phase.BLANKS_AFTER;
        out.append(newBlanks(sameGap));
        blanks.setLength(0);
        phase = Phase.FLOWING;
    }

    /**
     * What of the white space before the new text the caller lacks.
     *
     * @param sameGap whether it stands for the white space that the caller has, and not for more of it
     */
    private String newBlanks(boolean sameGap) {
        String came = blanks.toString();
        boolean lineBroken = Whitespace.breaksLine(gap);
        if (gap.isEmpty()) {
            return came;
        }
        if (!lineBroken && !Whitespace.breaksLine(came)) {
            // Within a line one gap between two words is a gap, however wide.
            return "";
        }
        if (!sameGap) {
            return came;
        }
        if (came.startsWith(gap)) {
            return came.substring(gap.length());
        }
        return lineBroken ? "" : came;
    }
}
