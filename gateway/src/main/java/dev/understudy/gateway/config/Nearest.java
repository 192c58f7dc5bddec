package dev.understudy.gateway.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Known words near to one that is not known, by the number of letters to change. */
public final class Nearest {
    /** Longer words are not compared: the work grows with the square, and callers choose the words. */
    private static final int LONGEST = 128;

    private Nearest() {}

    /** At most {@code most} words, the nearest first; a word that differs in more than about a third is not near. */
    public static List<String> to(String word, Collection<String> known, int most) {
        if (word.length() > LONGEST) {
            return List.of();
        }
        String lower = word.toLowerCase(Locale.ROOT);
        int limit = Math.max(1, Math.min(word.length(), 24) / 3);
        record Candidate(String word, int distance) {}
        return known.stream()
                .distinct()
                .filter(each -> each.length() <= LONGEST)
                .map(each -> new Candidate(each, distance(lower, each.toLowerCase(Locale.ROOT))))
                .filter(each -> each.distance() <= limit)
                .sorted(Comparator.comparingInt(Candidate::distance))
                .limit(most)
                .map(Candidate::word)
                .toList();
    }

    /** Letters to add, drop, replace or swap with their neighbour. */
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
        boolean isSame = one.charAt(i - 1) == other.charAt(j - 1);
        int best = Math.min(cost[i - 1][j - 1] + (isSame ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean isSwapped =
                i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1);
        return isSwapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
