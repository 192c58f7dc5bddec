package dev.understudy.protocol;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Known words that are similar to an unknown one: the "did you mean" of error messages. */
public final class ClosestMatches {
    /** Longer words are compared by their beginning only; misspellings in the rest are rare. */
    private static final int LONGEST = 128;

    private ClosestMatches() {}

    private record Candidate(String word, int distance) {}

    /**
     * At most {@code most} of the known words, the nearest first. A word is near if about a third of its letters would
     * have to change, without regard to case and to {@code -} for {@code _}.
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

    /** Letters to add, drop, replace or swap with their neighbour (optimal string alignment). */
    private static int distance(String one, String other) {
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : step(cost, one, other, i, j);
            }
        }
        return cost[one.length()][other.length()];
    }

    private static int step(int[][] cost, String one, String other, int i, int j) {
        boolean same = one.charAt(i - 1) == other.charAt(j - 1);
        int best = Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
