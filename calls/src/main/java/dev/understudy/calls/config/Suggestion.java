package dev.understudy.calls.config;

import dev.understudy.protocol.ClosestMatches;
import java.util.Collection;

/** The end of a message about an unknown word: the word that was probably meant. */
final class Suggestion {
    private Suggestion() {}

    /** {@code ; did you mean x?}, or nothing if nothing is near. */
    static String of(String word, Collection<String> known) {
        return ClosestMatches.to(word, known, 1).stream()
                .findFirst()
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }
}
