package dev.understudy.rehearsal;

import java.util.ArrayList;
import java.util.List;

/** How an act continues an answer that another model began: real models differ in what they make of such a request. */
enum ContinuationStyle {
    /** The missing text. */
    REST,
    /** The whole answer from the start. */
    AGAIN,
    /** The last words once more, then the missing text. */
    OVERLAP,
    /** As {@link #REST} for a user's turn; rejects a message that is to be completed. */
    REFUSE;

    /** The name of the parameter that takes one of these. */
    static final String PARAMETER = "goes-on";

    private static final int REPEATED_WORDS = 4;

    static ContinuationStyle of(Parameters parameters) {
        return switch (parameters.choice(PARAMETER, "rest", "again", "overlap", "refuse")) {
            case "again" -> AGAIN;
            case "overlap" -> OVERLAP;
            case "refuse" -> REFUSE;
            default -> REST;
        };
    }

    boolean refuses(BegunAnswer begun) {
        return this == REFUSE && begun.prefilled();
    }

    /** The text after the beginning; all of the answer, if that is not the beginning of this one. */
    List<String> after(BegunAnswer begun, Answer whole) {
        return switch (this) {
            case REST, REFUSE -> rest(begun, whole);
            case AGAIN -> whole.pieces();
            case OVERLAP -> whole.beginsWith(begun.text()) ? overlap(begun, whole) : rest(begun, whole);
        };
    }

    private static List<String> rest(BegunAnswer begun, Answer whole) {
        if (whole.beginsWith(begun.text())) {
            return whole.afterText(begun.text().length());
        }
        List<String> parted = new ArrayList<>(whole.pieces());
        parted.set(0, " " + parted.getFirst());
        return parted;
    }

    private static List<String> overlap(BegunAnswer begun, Answer whole) {
        List<String> begunWords = Answer.piecesOf(begun.text());
        List<String> repeated = begunWords.subList(Math.max(0, begunWords.size() - REPEATED_WORDS), begunWords.size());
        return whole.afterText(begun.text().length() - String.join("", repeated).length());
    }
}
