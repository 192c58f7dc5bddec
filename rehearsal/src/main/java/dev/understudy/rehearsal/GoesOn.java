package dev.understudy.rehearsal;

import java.util.ArrayList;
import java.util.List;

/** How an act goes on with an answer that somebody else began: models differ in what they make of being asked to. */
enum GoesOn {
    /** With the words that are missing. */
    REST,
    /** With the whole answer from the start. */
    AGAIN,
    /** With the last words once more, then those that are missing. */
    OVERLAP,
    /** As {@link #REST} if a user's turn asks for it; to a message that is to be completed it says no. */
    REFUSE;

    /** The name of the parameter that takes one of these. */
    static final String PARAMETER = "goes-on";

    private static final int WORDS_SAID_TWICE = 4;

    static GoesOn of(Parameters parameters) {
        return switch (parameters.choice(PARAMETER, "rest", "again", "overlap", "refuse")) {
            case "again" -> AGAIN;
            case "overlap" -> OVERLAP;
            case "refuse" -> REFUSE;
            default -> REST;
        };
    }

    boolean refuses(Begun begun) {
        return this == REFUSE && begun.prefilled();
    }

    /** What is said after the beginning. One that is not the beginning of this answer has all of it behind it. */
    List<String> after(Begun begun, Answer whole) {
        return switch (this) {
            case REST, REFUSE -> rest(begun, whole);
            case AGAIN -> whole.pieces();
            case OVERLAP -> whole.beginsWith(begun.text()) ? overlapping(begun, whole) : rest(begun, whole);
        };
    }

    private static List<String> rest(Begun begun, Answer whole) {
        if (whole.beginsWith(begun.text())) {
            return whole.afterText(begun.text().length());
        }
        List<String> parted = new ArrayList<>(whole.pieces());
        parted.set(0, " " + parted.getFirst());
        return parted;
    }

    private static List<String> overlapping(Begun begun, Answer whole) {
        List<String> said = Answer.piecesOf(begun.text());
        List<String> twice = said.subList(Math.max(0, said.size() - WORDS_SAID_TWICE), said.size());
        return whole.afterText(begun.text().length() - String.join("", twice).length());
    }
}
