package dev.understudy.protocol.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerPatternTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        needle          | a needle in hay | true
        ^needle         | a needle in hay | false
        (?i)NEEDLE      | a needle in hay | true
        ^.$             | 🎭              | true
        [0-9]{4}-[01][0-9]-[0-3][0-9] | on 2026-11-21. | true
        ``              | anything        | true
        """)
    void itMatchesSomePartOfTheText(String regex, String text, boolean found) {
        assertThat(AnswerPattern.of(regex).isIn(text)).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        [a                       | is not a regular expression that RE2 can read: missing closing ]
        (a)\\1                   | is not a regular expression that RE2 can read
        a{1001}                  | is not a regular expression that RE2 can read
        ((a{100}){100}){100}     | repeats too much
        ((a{1000}){1000}){1000}  | repeats too much
        (a{50,}){50}             | repeats too much
        (abcdefghij){1,300}      | repeats too much
        """)
    void whatCannotBeRunIsRefused(String regex, String message) {
        assertThatThrownBy(() -> AnswerPattern.of(regex))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aVeryLongOneIsRefused() {
        assertThat(AnswerPattern.of("a".repeat(500)).isIn("a".repeat(500))).isTrue();
        assertThatThrownBy(() -> AnswerPattern.of("a".repeat(501))).hasMessage("is longer than 500 characters");
    }

    @Test
    void itIsNotDrivenMadByATextMadeForIt() {
        AnswerPattern pattern = AnswerPattern.of("(a+)+(a|aa)*$");
        String text = "a".repeat(200_000) + "b";
        long before = System.nanoTime();
        assertThat(pattern.isIn(text)).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void sameSpellingSamePattern() {
        assertThat(AnswerPattern.of("a+"))
                .isEqualTo(AnswerPattern.of("a+"))
                .hasSameHashCodeAs(AnswerPattern.of("a+"))
                .isNotEqualTo(AnswerPattern.of("aa*"))
                .hasToString("a+");
    }
}
