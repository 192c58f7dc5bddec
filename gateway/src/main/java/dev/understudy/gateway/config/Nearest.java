package dev.understudy.gateway.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Known words near to one that is not known, by the number of letters to change. */
public final class Nearest {
    private Nearest() {}

    /** At most {@code most} words, the nearest first; a word that differs in more than about a third is not near. */
    public static List<String> to(String word, Collection<String> known, int most) {
        String lower = word.toLowerCase(Locale.ROOT);
        int limit = Math.max(1, Math.min(word.length(), 24) / 3);
        record Candidate(String word, int distance) {}
        return known.stream()
                .distinct()
                .map(each -> new Candidate(each, distance(lower, each.toLowerCase(Locale.ROOT))))
                .filter(each -> each.distance() <= limit)
                .sorted(Comparator.comparingInt(Candidate::distance))
                .limit(most)
                .map(Candidate::word)
                .toList();
    }

    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
