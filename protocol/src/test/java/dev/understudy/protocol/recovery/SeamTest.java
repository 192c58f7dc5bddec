package dev.understudy.protocol.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.recovery.Seam.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SeamTest {

    /** What the caller has in the end. */
    private static String joined(String sent, ContinuationForm form, String more) {
        Seam seam = new Seam(sent, form);
        StringBuilder text = new StringBuilder(sent);
        for (int i = 0; i < more.length(); i++) {
            text.append(seam.accept(more.substring(i, i + 1)));
        }
        return text.append(seam.end()).toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        bal                    | loon                        | balloon
        on the                 | the mat                     | on the mat
        sat on the             | ` on the mat`               | sat on the mat
        one, twenty            | ` twenty-one`               | one, twenty twenty-one
        one, twenty            | twenty-one                  | one, twenty-one
        sat on the             | ` mat`                      | sat on the mat
        I don                  | don't know                  | I don't know
        The cat sat            | The cat sat on the mat      | The cat sat on the mat
        The cat sat            | ` The cat sat on the mat`   | The cat sat on the mat
        We talked of rhinoceros| of rhinoceroses            | We talked of rhinoceroses
        of extraordinarine     | xtraordinariness            | of extraordinariness
        costs $1,000           | ,000,000                    | costs $1,000,000,000
        in 20                  | 20 there                    | in 2020 there
        if (x) { }             | } else { }                  | if (x) { }} else { }
        word -                 | - and                       | word -- and
        """)
    void whatIsRepeatedIsRemovedAndNothingElse(String sent, String more, String whole) {
        for (ContinuationForm form : ContinuationForm.values()) {
            assertThat(joined(sent, form, more)).as(form.name()).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource(ContinuationForm.class)
    void betweenTwoWordsThereIsOneGap(ContinuationForm form) {
        assertThat(joined("on the ", form, "mat")).isEqualTo("on the mat");
        assertThat(joined("on the ", form, " mat")).isEqualTo("on the mat");
        assertThat(joined("on the ", form, "on the mat")).isEqualTo("on the mat");
        assertThat(joined("on the ", form, "on the  mat")).isEqualTo("on the mat");
        assertThat(joined("lies on the ", form, "the mat")).isEqualTo("lies on the mat");
        assertThat(joined("The end.\n\n", form, "The end.\n\nOr not")).isEqualTo("The end.\n\nOr not");
        assertThat(joined("The end.\n\n", form, "The end. Or not")).isEqualTo("The end.\n\nOr not");
        assertThat(joined("The end. ", form, "\n\nOr not")).isEqualTo("The end. \n\nOr not");
    }

    @Test
    void whiteSpaceThatThePrefillLackedMayComeAgain() {
        assertThat(joined("a:\n", ContinuationForm.PREFILL, "\nb")).isEqualTo("a:\nb");
        assertThat(joined("a:\n", ContinuationForm.PREFILL, "b")).isEqualTo("a:\nb");
        assertThat(joined("a:\n", ContinuationForm.PREFILL, "\n\nb"))
                .as("the break between two paragraphs, cut in its middle")
                .isEqualTo("a:\n\nb");
        assertThat(joined("a:\n  ", ContinuationForm.PREFILL, "\n    b"))
                .as("an indentation, cut in its middle")
                .isEqualTo("a:\n    b");
    }

    @Test
    void whiteSpaceThatTheTargetSawIsContinued() {
        assertThat(joined("a:\n", ContinuationForm.TURN, "\nb")).isEqualTo("a:\n\nb");
        assertThat(joined("a:\n  ", ContinuationForm.TURN, "  b")).isEqualTo("a:\n    b");
    }

    @Test
    void textThatIsNewPassesAtOnce() {
        Seam seam = new Seam("The cat sat", ContinuationForm.PREFILL);

        assertThat(seam.accept(" on")).isEqualTo(" on");
        assertThat(seam.state()).isEqualTo(State.FLOWING);
        assertThat(seam.accept(" the cat")).isEqualTo(" the cat");
        assertThat(seam.end()).isEmpty();
    }

    @Test
    void whatMayBeARepetitionIsHeldBack() {
        Seam seam = new Seam("The cat sat on the", ContinuationForm.PREFILL);

        assertThat(seam.accept("on")).isEmpty();
        assertThat(seam.state()).isEqualTo(State.UNDECIDED);
        assertThat(seam.accept(" the")).isEmpty();
        assertThat(seam.accept(" mat")).isEqualTo(" mat");
        assertThat(seam.state()).isEqualTo(State.FLOWING);
    }

    @Test
    void whatWasHeldBackComesAtTheEnd() {
        Seam seam = new Seam("The cat sat on the", ContinuationForm.PREFILL);
        assertThat(seam.accept("cat s")).isEmpty();
        assertThat(seam.end()).isEqualTo("cat s");
        assertThat(seam.accept("The cat")).as("after the end").isEqualTo("The cat");

        assertThat(joined("The cat sat on the mat", ContinuationForm.TURN, "the mat"))
                .isEqualTo("The cat sat on the mat");
        assertThat(joined("The cat", ContinuationForm.TURN, "The cat")).isEqualTo("The cat");
        assertThat(joined("The cat", ContinuationForm.TURN, "\n")).isEqualTo("The cat\n");
    }

    @Test
    void anotherAnswerIsNoContinuation() {
        Seam seam = new Seam("The capital of France is", ContinuationForm.TURN);
        assertThat(seam.accept("The capital of ")).isEmpty();
        assertThat(seam.accept("Italy is Rome.")).isEmpty();
        assertThat(seam.state()).isEqualTo(State.REWRITE);
        assertThat(seam.accept(" More")).isEmpty();
        assertThat(seam.end()).isEmpty();
    }

    @Test
    void aRewriteNeedsFortyCharactersOfALongAnswer() {
        String sent = "x".repeat(39) + "abcde" + "y".repeat(300);
        Seam less = new Seam(sent, ContinuationForm.TURN);
        assertThat(less.accept("x".repeat(39) + "!")).isEqualTo("x".repeat(39) + "!");
        Seam enough = new Seam(sent, ContinuationForm.TURN);
        assertThat(enough.accept("x".repeat(39) + "a!")).isEmpty();
        assertThat(enough.state()).isEqualTo(State.REWRITE);
    }

    @Test
    void aFewWordsInCommonAreNoRewrite() {
        assertThat(joined("He ran. ", ContinuationForm.PREFILL, "He rested.")).isEqualTo("He ran. He rested.");
        assertThat(joined("- one\n", ContinuationForm.TURN, "- two")).isEqualTo("- one\n- two");
    }

    @Test
    void aRepetitionThatEndsTooSoonIsARewrite() {
        Seam seam = new Seam("a long answer, of which half is given again", ContinuationForm.TURN);
        assertThat(seam.accept("a long answer, of which half")).isEmpty();
        assertThat(seam.end()).isEmpty();
        assertThat(seam.state()).isEqualTo(State.REWRITE);
    }

    @Test
    void aCharacterOfTwoHalvesIsNotSplit() {
        Seam seam = new Seam("A mask: ", ContinuationForm.TURN);
        assertThat(seam.accept("so \uD83C")).isEqualTo("so ");
        assertThat(seam.accept("\uDFAD!")).isEqualTo("\uD83C\uDFAD!");
        assertThat(seam.accept("\uD83C")).isEmpty();
        assertThat(seam.end()).as("half a character is all there is").isEqualTo("\uD83C");
    }

    @Test
    void whereNothingWasSentNothingIsRemoved() {
        assertThat(joined("", ContinuationForm.PREFILL, " Hi")).isEqualTo(" Hi");
        assertThat(joined("\n\n", ContinuationForm.TURN, "\n\nHi")).isEqualTo("\n\nHi");
        assertThat(joined("\n", ContinuationForm.PREFILL, "Hi")).isEqualTo("\nHi");
    }

    @Test
    @Timeout(20)
    void theWorstTextsTakeLinearTime() {
        String sent = "a".repeat(262_144);
        long before = System.nanoTime();
        Seam seam = new Seam(sent, ContinuationForm.TURN);
        for (int i = 1; i < sent.length(); i++) {
            assertThat(seam.accept("a").isEmpty()).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(seam.accept("b").isEmpty()).isTrue();
        assertThat(seam.state()).as("at the very last character").isEqualTo(State.REWRITE);
    }

    @Test
    void endlessWhiteSpaceIsNotHeldBackForEver() {
        Seam seam = new Seam("a", ContinuationForm.TURN);
        String blanks = " ".repeat(100_000);
        assertThat(seam.accept(blanks)).isEqualTo(blanks);
    }
}
