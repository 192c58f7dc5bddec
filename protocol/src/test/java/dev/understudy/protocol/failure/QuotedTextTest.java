package dev.understudy.protocol.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotedTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "plain words | plain words",
                "invalid value: 'credit balance'. supported | invalid value: ''. supported",
                "the model `credit balance` does not exist | the model '' does not exist",
                "model \"credit balance\" not found | model '' not found",
                "you don't have it, and they're gone | you don't have it, and they're gone",
                "value: 'it's gone' is wrong | value: '' is wrong",
                "an open 'quotation | an open 'quotation",
                "an open `tick and 'a pair' | an open `tick and ''",
                "'' empty | '' empty"
            })
    void quotationsAreLeftOut(String text, String kept) {
        assertThat(QuotedText.leftOut(text)).isEqualTo(kept);
    }

    @Test
    void manyOpenQuotationsTakeNoTime() {
        String text = " 'a".repeat(700);

        assertThat(QuotedText.leftOut(text)).isEqualTo(text);
    }
}
