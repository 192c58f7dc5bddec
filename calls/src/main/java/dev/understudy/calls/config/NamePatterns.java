package dev.understudy.calls.config;

import java.util.List;

/**
 * Names of models or targets as the configuration lists them: in each, {@code *} stands for any text, slashes included.
 * Case matters, as in names of models.
 *
 * @param patterns the names; none stands for every name
 */
public record NamePatterns(List<String> patterns) {
    /** Every name. */
    public static final NamePatterns ANY = new NamePatterns(List.of());

    public NamePatterns {
        patterns = List.copyOf(patterns);
    }

    /** Whether every name matches, because none is listed. */
    public boolean isAny() {
        return patterns.isEmpty();
    }

    /** Whether a name is one of these. */
    public boolean match(String name) {
        return isAny() || patterns.stream().anyMatch(pattern -> matches(pattern, name));
    }

    /** Whether a name matches one pattern. It takes at most the product of both lengths. */
    static boolean matches(String pattern, String name) {
        int at = 0;
        int in = 0;
        int star = -1;
        int behindStar = 0;
        while (at < name.length()) {
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                behindStar = at;
            } else if (in < pattern.length() && pattern.charAt(in) == name.charAt(at)) {
                in++;
                at++;
            } else if (star >= 0) {
                // The last star takes one character more.
                in = star + 1;
                at = ++behindStar;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }
}
