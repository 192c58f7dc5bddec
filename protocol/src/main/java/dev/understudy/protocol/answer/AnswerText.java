package dev.understudy.protocol.answer;

import java.util.Optional;

/**
 * The text of an answer as it streams, kept so that another target can go on from it.
 *
 * <p>Most streams never need it: one that keeps nothing costs a test of a flag for each piece of text.
 */
public final class AnswerText {
    /**
     * The longest text that is kept, in characters (UTF-16 units): about 64,000 tokens. A longer
     * answer is not continued: that would cost more than a new one.
     */
    public static final int MOST = 256 * 1024;

    private final boolean kept;
    private final StringBuilder text = new StringBuilder(0);
    private boolean givenUp;

    private AnswerText(boolean kept) {
        this.kept = kept;
        this.givenUp = !kept;
    }

    /** One that keeps what it is given. */
    public static AnswerText kept() {
        return new AnswerText(true);
    }

    /** One that forgets everything. */
    public static AnswerText ignored() {
        return new AnswerText(false);
    }

    public boolean isKept() {
        return kept;
    }

    public void append(CharSequence piece) {
        if (!givenUp && makesRoomFor(piece.length())) {
            text.append(piece);
        }
    }

    /** Whether the text is kept with this many characters more. */
    private boolean makesRoomFor(int length) {
        if (!givenUp && text.length() + length > MOST) {
            givenUp = true;
            text.setLength(0);
            text.trimToSize();
        }
        return !givenUp;
    }

    /** The place that {@link #backTo} can return to. */
    public int mark() {
        return text.length();
    }

    /** Takes back what was appended since: it turned out not to be part of the answer. */
    public void backTo(int mark) {
        if (mark < text.length()) {
            text.setLength(mark);
        }
    }

    /** The text so far; empty if it is not kept, or became too long to be. */
    public Optional<String> text() {
        return givenUp ? Optional.empty() : Optional.of(text.toString());
    }

    /** The text up to a {@link #mark}; empty if it is not kept, or became too long to be. */
    public Optional<String> textTo(int mark) {
        return givenUp ? Optional.empty() : Optional.of(text.substring(0, Math.min(mark, text.length())));
    }

    /** Whether nothing is missing. */
    public boolean isWhole() {
        return !givenUp;
    }
}
