package dev.understudy.protocol.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeHintsTest {
    private static final long NOW = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final long SECOND = 1_000_000_000L;

    private static OptionalLong hint(String... headers) {
        return TimeHints.fromHeaders(Headers.of(headers), NOW);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 2000", "1.5, 1500", "' 3 ', 3000", "1e3, -1", "100000, 86400000", "99999999999999, 86400000"
    })
    void retryAfterInSeconds(String value, long millis) {
        assertThat(hint("Retry-After", value))
                .isEqualTo(millis < 0 ? OptionalLong.empty() : OptionalLong.of(millis * 1_000_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "soon", "NaN", "Infinity", "1.2.3", ".", "0x10", "٣", "Wed, 99 Foo 2026"})
    void nonsenseIsNoHint(String value) {
        assertThat(hint("retry-after", value)).isEmpty();
        assertThat(hint("retry-after-ms", value)).isEmpty();
    }

    @Test
    void aDateCountsFromNow() {
        assertThat(hint("retry-after", "Sun, 01 Mar 2026 12:00:30 GMT")).hasValue(30 * SECOND);
        assertThat(hint("retry-after", "Sun, 01 Mar 2026 11:00:00 GMT")).hasValue(0);
        assertThat(hint("retry-after", "Mon, 01 Mar 2027 12:00:00 GMT")).hasValue(TimeHints.CAP);
    }

    @Test
    void millisecondsComeBeforeSeconds() {
        assertThat(hint("retry-after-ms", "250", "retry-after", "1")).hasValue(250_000_000);
        assertThat(hint("retry-after-ms", "nonsense", "retry-after", "1")).hasValue(SECOND);
    }

    @Test
    void aResetCountsOnlyWhereNothingRemains() {
        assertThat(hint("x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "2s81ms"))
                .hasValue(2_081_000_000L);
        assertThat(hint("x-ratelimit-remaining-requests", "1", "x-ratelimit-reset-requests", "6m0s"))
                .isEmpty();
        assertThat(hint("x-ratelimit-reset-requests", "6m0s")).isEmpty();
    }

    @Test
    void theLastOfTheUsedUpLimitsCounts() {
        assertThat(hint(
                        "x-ratelimit-remaining-requests", "0",
                        "x-ratelimit-reset-requests", "1s",
                        "x-ratelimit-remaining-tokens", "0",
                        "x-ratelimit-reset-tokens", "6m0s"))
                .hasValue(360 * SECOND);
    }

    @Test
    void anthropicsResetsAreMoments() {
        assertThat(hint(
                        "anthropic-ratelimit-input-tokens-remaining", "0",
                        "anthropic-ratelimit-input-tokens-reset", "2026-03-01T12:00:12Z"))
                .hasValue(12 * SECOND);
        assertThat(hint(
                        "anthropic-ratelimit-requests-remaining", "0",
                        "anthropic-ratelimit-requests-reset", "tomorrow"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Please retry in 45.5s., 45500",
        "Please try again in 20s, 20000",
        "Please try again in 2m59.56s. Visit, 179560",
        "Please try again in 120ms, 120",
        "Please retry after 37 seconds., 37000",
        "Please retry after 1 second., 1000",
        "Try again in 10 seconds., 10000",
        "try again in 2 minutes, 120000",
        "Please try again in 1h2m3s, 3723000",
        "Please try again later, -1",
        "retry in a while, -1"
    })
    void delaysInSentences(String message, long millis) {
        assertThat(TimeHints.fromWords(message))
                .isEqualTo(millis < 0 ? OptionalLong.empty() : OptionalLong.of(millis * 1_000_000));
    }

    @ParameterizedTest
    @CsvSource({
        "1s, 1000000000",
        "6m0s, 360000000000",
        "2s81ms, 2081000000",
        "120ms, 120000000",
        "0s, 0",
        "0, 0",
        "45.837906927s, 45837906927",
        "1h, 3600000000000",
        "5µs, 5000",
        "7ns, 7",
        "10, -1",
        "s, -1",
        "1x, -1",
        "-1s, -1",
        "1.2.3s, -1",
        "999999h, 86400000000000"
    })
    void goDurations(String text, long nanos) {
        assertThat(GoDuration.nanos(text)).isEqualTo(nanos < 0 ? OptionalLong.empty() : OptionalLong.of(nanos));
    }
}
