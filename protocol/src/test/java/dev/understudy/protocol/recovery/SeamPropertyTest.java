package dev.understudy.protocol.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** However a text is cut, and however it is continued: what the caller has is the text. */
class SeamPropertyTest {
    private static final int ROUNDS = 4000;
    private static final List<String> GAPS = List.of(" ", " ", " ", " ", ", ", ". ", "\n", "\n\n", ":\n    ", "-");
    private static final List<String> MASKS = List.of("🎭", "🎪", "🎬", "🎟️");

    @Test
    void theCallerHasTheWholeText() {
        int answers = 0;
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            String text = text(random);
            int cut = cut(random, text);
            String sent = text.substring(0, cut);
            for (ContinuationForm form : List.of(ContinuationForm.PREFILL, ContinuationForm.TURN)) {
                for (Map.Entry<String, String> answer :
                        answers(random, sent, text.substring(cut), form).entrySet()) {
                    assertThat(joined(random, sent, form, answer.getValue()))
                            .as("seed %d, %s, %s, cut %d", seed, form, answer.getKey(), cut)
                            .isEqualTo(text);
                    answers++;
                }
            }
        }
        assertThat(answers).as("enough of them were tried").isGreaterThan(5 * ROUNDS);
    }

    /** How a model may continue the text, by name. */
    private static Map<String, String> answers(Random random, String sent, String rest, ContinuationForm form) {
        int end = Whitespace.endOfText(sent);
        String known = sent.substring(0, end);
        String gap = sent.substring(end);
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("exact rest", form.trimsTheEnd() ? gap + rest : rest);
        answers.put("whole again", sent + rest);
        if (end > 0) {
            answers.put("whole again after a blank line", "\n\n" + sent.stripLeading() + rest);
        }
        if (!rest.isEmpty() && !Whitespace.is(rest.charAt(0))) {
            if (!gap.isEmpty()) {
                answers.put("rest without its space", rest);
                answers.put("whole without its space", known + rest);
            }
            if (gap.equals(" ")) {
                answers.put("rest with a space", " " + rest);
                answers.put("whole with two spaces", known + "  " + rest);
            }
        }
        if (known.length() > 13) {
            int k = 12 + random.nextInt(Math.min(200, known.length()) - 12);
            String overlap = known.substring(known.length() - k);
            boolean severalWords = overlap.strip().chars().anyMatch(c -> Whitespace.is((char) c));
            if (!Character.isLowSurrogate(overlap.charAt(0)) && severalWords) {
                answers.put("overlap of " + k, overlap + gap + rest);
                if (!Whitespace.is(overlap.charAt(0))) {
                    answers.put("overlap after a space of " + k, " " + overlap + gap + rest);
                }
            }
        }
        int lastWord = known.lastIndexOf(' ') + 1;
        boolean wordEnds = !gap.isEmpty() || rest.isEmpty() || !Character.isLetter(rest.charAt(0));
        if (wordEnds && lastWord > 0 && known.substring(lastWord).chars().anyMatch(Character::isLetter)) {
            answers.put("last word again", known.substring(lastWord) + gap + rest);
        }
        return answers;
    }

    private static String joined(Random random, String sent, ContinuationForm form, String more) {
        Seam seam = new Seam(sent, form);
        StringBuilder caller = new StringBuilder(sent);
        int most = 1 + random.nextInt(30);
        int at = 0;
        while (at < more.length()) {
            int to = Math.min(more.length(), at + 1 + random.nextInt(most));
            String passed = seam.accept(more.substring(at, to));
            assertThat(passed.isEmpty() || !Character.isHighSurrogate(passed.charAt(passed.length() - 1)))
                    .as("no half characters")
                    .isTrue();
            caller.append(passed);
            at = to;
        }
        return caller.append(seam.end()).toString();
    }

    /** Distinct words, each of distinct letters: nothing in the text repeats itself. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder(random.nextInt(5) == 0 ? "\n" : "");
        Set<String> used = new HashSet<>();
        int words = 2 + random.nextInt(80);
        while (used.size() < words) {
            String word = random.nextInt(25) == 0 ? MASKS.get(random.nextInt(MASKS.size())) : word(random);
            if (used.add(word)) {
                text.append(word).append(GAPS.get(random.nextInt(GAPS.size())));
            }
            if (used.containsAll(MASKS)) {
                break;
            }
        }
        return text.append(".").toString();
    }

    private static String word(Random random) {
        List<Character> letters = new ArrayList<>();
        for (char c = 'a'; c <= 'z'; c++) {
            letters.add(c);
        }
        Collections.shuffle(letters, random);
        StringBuilder word = new StringBuilder();
        letters.subList(0, 1 + random.nextInt(9)).forEach(word::append);
        return word.toString();
    }

    private static int cut(Random random, String text) {
        int cut = 1 + random.nextInt(text.length() - 1);
        return Character.isLowSurrogate(text.charAt(cut)) ? cut + 1 : cut;
    }
}
