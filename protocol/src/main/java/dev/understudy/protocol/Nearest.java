package dev.understudy.protocol;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Known words that are near to one that is not: the "did you mean" of error messages. */
public final class Nearest {
    /** Longer words are compared by their beginning only; nobody misspells the rest of a name that long. */
    private static final int LONGEST = 128;

    private Nearest() {}

    private record Candidate(String word, int distance) {}

    /**
     * At most {@code most} of the known words, the nearest first. A word is near if about a third of its letters would
     * have to change (Levenshtein), without regard to case and to {@code -} for {@code _}.
     */
    public static List<String> to(String word, Collection<String> known, int most) {
        String plain = plain(word);
        int limit = Math.max(1, Math.min(plain.length(), 24) / 3);
        return known.stream()
                .distinct()
                .map(each -> new Candidate(each, distance(plain, plain(each))))
                .filter(each -> each.distance() <= limit)
                .sorted(Comparator.comparingInt(Candidate::distance))
                .limit(most)
                .map(Candidate::word)
                .toList();
    }

    /** {@code " Did you mean 'fallbacks'?"}, to be put behind a sentence; empty if nothing is near. */
    public static String suggestion(String word, Collection<String> known) {
        List<String> nearest = to(word, known, 1);
        return nearest.isEmpty() ? "" : " Did you mean '" + nearest.getFirst() + "'?";
    }

    private static String plain(String word) {
        String beginning = word.length() > LONGEST ? word.substring(0, LONGEST) : word;
        return beginning.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One row of the usual table is enough: only the number is wanted, not the way. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
