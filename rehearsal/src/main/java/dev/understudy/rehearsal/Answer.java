package dev.understudy.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is said, and how it ends.
 *
 * @param pieces the text as it is streamed; each counts as one token
 * @param finish the {@code finish_reason}
 */
record Answer(List<String> pieces, String finish) {

    Answer {
        pieces = List.copyOf(pieces);
    }

    static Answer of(List<String> pieces) {
        return new Answer(pieces, "stop");
    }

    /** A text's words, each with the space before it. */
    static List<String> piecesOf(String text) {
        return List.of(text.split("(?<=\\S)(?=\\s)"));
    }

    Answer limitedTo(OptionalInt maxTokens) {
        return maxTokens.isPresent() && maxTokens.getAsInt() < pieces.size()
                ? new Answer(pieces.subList(0, maxTokens.getAsInt()), "length")
                : this;
    }

    String text() {
        return String.join("", pieces);
    }

    /** At most this many pieces from the start. */
    List<String> first(int count) {
        return pieces.subList(0, Math.min(count, pieces.size()));
    }

    /** What {@link #first} leaves. */
    List<String> after(int count) {
        return pieces.subList(Math.min(count, pieces.size()), pieces.size());
    }

    boolean beginsWith(String text) {
        return text().startsWith(text);
    }

    /** The pieces behind this many characters; the first may be the rest of one. */
    List<String> afterText(int characters) {
        List<String> rest = new ArrayList<>();
        int left = characters;
        for (String piece : pieces) {
            if (left < piece.length()) {
                rest.add(piece.substring(left));
            }
            left = Math.max(0, left - piece.length());
        }
        return rest;
    }

    int tokens() {
        return pieces.size();
    }
}
