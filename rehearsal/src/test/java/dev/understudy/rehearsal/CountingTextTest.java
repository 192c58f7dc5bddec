package dev.understudy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.Seam;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountingTextTest {

    @ParameterizedTest
    @CsvSource({
        "1, one",
        "13, thirteen",
        "20, twenty",
        "42, forty-two",
        "100, one-hundred",
        "305, three-hundred-five",
        "9999, nine-thousand-nine-hundred-ninety-nine",
        "20000, twenty-thousand",
    })
    void numbersHaveWords(int number, String word) {
        assertThat(CountingText.word(number)).isEqualTo(word);
    }

    @Test
    void everyWordIsAnother() {
        assertThat(IntStream.rangeClosed(1, 20_000).mapToObj(CountingText::word))
                .doesNotHaveDuplicates()
                .noneMatch(word -> word.contains(" "));
    }

    @Test
    void seamIsFoundBehindEveryWord() {
        List<String> pieces = CountingText.pieces(1100);
        StringBuilder sent = new StringBuilder();
        for (int said = 1; said < pieces.size(); said++) {
            sent.append(pieces.get(said - 1));
            String next = pieces.get(said);
            String lastFew = String.join("", pieces.subList(Math.max(0, said - 4), said));
            for (ContinuationForm form : ContinuationForm.values()) {
                assertThat(continued(sent.toString(), form, next)).isEqualTo(next);
                assertThat(continued(sent.toString(), form, lastFew + next)).isEqualTo(next);
            }
        }
    }

    private static String continued(String sent, ContinuationForm form, String more) {
        Seam seam = new Seam(sent, form);
        return seam.accept(more) + seam.end();
    }

    @Test
    void textIsItsPieces() {
        assertThat(CountingText.text(4)).isEqualTo("one two three four");
        assertThat(CountingText.pieces(3)).containsExactly("one", " two", " three");
        assertThat(CountingText.text(0)).isEmpty();
        assertThatThrownBy(() -> CountingText.word(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
