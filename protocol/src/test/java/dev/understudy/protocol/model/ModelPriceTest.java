package dev.understudy.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prices of the table, and what calls cost by them. */
class ModelPriceTest {

    @ParameterizedTest
    @CsvSource({
        "gpt-5.1, 1.25, 0.125, 10",
        "gpt-5.1-2025-11-13, 1.25, 0.125, 10",
        "openai/gpt-4o-mini, 0.15, 0.075, 0.6",
        "ft:gpt-4.1-mini-2025-04-14:org::id, 0.4, 0.1, 1.6",
        "gpt-5-pro, 15, 15, 120",
        "claude-sonnet-4-5-20250929, 3, 0.3, 15",
        "us.anthropic.claude-haiku-4-5-20251001-v1:0, 1, 0.1, 5",
        "claude-opus-4-1-20250805, 15, 1.5, 75",
        "claude-opus-4-5, 5, 0.5, 25",
        "models/gemini-2.5-flash-lite, 0.1, 0.01, 0.4",
        "gemini-2.5-flash, 0.3, 0.03, 2.5",
        "amazon.nova-lite-v1:0, 0.06, 0.06, 0.24",
        "text-embedding-3-small, 0.02, 0.02, 0"
    })
    void knownModels(String model, BigDecimal input, BigDecimal cached, BigDecimal output) {
        assertThat(ModelTable.priceOf(model)).contains(ModelPrice.perMillion(input, cached, output));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m",
                "gpt-oss-120b",
                "gpt-4o-audio-preview",
                "gemini-2.5-flash-image",
                "claude-opus-9",
                "llama-3.1-8b"
            })
    void modelsWithoutAKnownPrice(String model) {
        assertThat(ModelTable.priceOf(model)).isEmpty();
    }

    @Test
    void everyRowIsReachable() {
        for (PriceRow row : ModelTable.priceRows()) {
            ModelName name = ModelName.of(row.pattern().replace("^", ""));
            assertThat(ModelTable.priceRows().stream()
                            .filter(each -> each.has(name))
                            .findFirst())
                    .as(row.pattern())
                    .contains(row);
        }
    }

    @Test
    void costOfACall() {
        ModelPrice price = ModelPrice.perMillion(new BigDecimal("1.25"), new BigDecimal("0.125"), new BigDecimal("10"));
        long cost = price.of(1_000, 200, 50);
        // 800 x 1.25 + 200 x 0.125 + 50 x 10, per million.
        assertThat(ModelPrice.dollars(cost)).isEqualByComparingTo("0.001525");
        assertThat(ModelPrice.dollars(0).toPlainString()).isEqualTo("0");
        assertThat(ModelPrice.dollars(ModelPrice.picodollarsOf(new BigDecimal("50.00")))
                        .toPlainString())
                .isEqualTo("50");
        assertThat(price.of(10, 20, 0)).as("more cached than there were").isEqualTo(price.of(10, 10, 0));
    }
}
