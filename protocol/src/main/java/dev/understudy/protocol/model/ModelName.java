package dev.understudy.protocol.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A model's name as words and numbers, so that spellings of one model are alike: {@code llama-3.1-70b}, {@code
 * Llama3_1-70B}.
 *
 * @param words in lower case; {@link #SEAM} where a slash or colon stood
 */
record ModelName(List<String> words) {
    private static final String SEAM = "/";
    /** OpenAI's mark of a model that was trained further; its base comes next, then who trained it. */
    private static final String FINE_TUNED = "ft:";

    static ModelName of(String model) {
        List<String> words = new ArrayList<>();
        String name = base(model.toLowerCase(Locale.ROOT));
        int i = 0;
        while (i < name.length()) {
            int from = i;
            char c = name.charAt(i++);
            if (isLetter(c) || isDigit(c)) {
                while (i < name.length() && (isDigit(c) ? isDigit(name.charAt(i)) : isLetter(name.charAt(i)))) {
                    i++;
                }
                words.add(name.substring(from, i));
            } else if (c == '/' || c == ':') {
                words.add(SEAM);
            }
        }
        return new ModelName(List.copyOf(words));
    }

    /**
     * Whether another's words, of which there are some, stand in it in a row.
     *
     * @param atStart whether they must begin it or come after a seam
     */
    boolean says(ModelName other, boolean atStart) {
        List<String> sought = other.words;
        for (int i = 0; i + sought.size() <= words.size(); i++) {
            // Most rows differ in their first word already.
            if (words.get(i).equals(sought.getFirst())
                    && words.subList(i, i + sought.size()).equals(sought)
                    && (!atStart || i == 0 || words.get(i - 1).equals(SEAM))
                    && !versionContinues(i + sought.size())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether what stands there makes another version of the number before it: the 2 of {@code gpt-5.2}, but neither the
     * date of {@code claude-sonnet-4-20250514} nor the size of {@code llama-3-70b}.
     */
    private boolean versionContinues(int at) {
        return at < words.size()
                && isDigit(words.get(at - 1).charAt(0))
                && isDigit(words.get(at).charAt(0))
                && words.get(at).length() <= 2
                && !(at + 1 < words.size() && isSize(words.get(at + 1)));
    }

    /** Billions of parameters, or thousands of tokens. */
    private static boolean isSize(String word) {
        return word.equals("b") || word.equals("k");
    }

    private static String base(String name) {
        if (!name.startsWith(FINE_TUNED)) {
            return name;
        }
        int end = name.indexOf(':', FINE_TUNED.length());
        return name.substring(FINE_TUNED.length(), end < 0 ? name.length() : end);
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
