package dev.understudy.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ErrorActsTest {

    private static Stage stage;

    @BeforeAll
    static void raise() {
        stage = new Stage();
    }

    @AfterAll
    static void lower() {
        stage.close();
    }

    @ParameterizedTest
    @CsvSource({
        "down, 503, service_unavailable",
        "overloaded, 503, server_is_overloaded",
        "overloaded?status=529, 529, server_is_overloaded",
        "throttled, 429, rate_limit_exceeded",
        "quota, 429, insufficient_quota",
        "quota?status=402, 402, insufficient_quota",
        "unauthorized, 401, invalid_api_key",
        "forbidden, 403, access_denied",
        "missing, 404, model_not_found",
        "too-long, 400, context_length_exceeded",
        "filtered, 400, content_filter",
        "bad-request, 400, invalid_value",
    })
    void codeNamesTheKindOfError(String model, int status, String code) throws IOException {
        RawAnswer answer = stage.ask(model, true);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).contains("application/json");
        assertThat(answer.body()).startsWith("{\"error\":{\"message\":").contains("\"code\":\"" + code + "\"");
        AnswerActsTest.assertIsJson(answer.body());
    }

    @Test
    void errorMayComeLate() {
        long started = System.nanoTime();
        assertThat(stage.ask("error?ttft=80ms", false).status()).isEqualTo(500);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
    }

    @Test
    void hintComesInTheRequestedForm() {
        assertThat(stage.ask("throttled", false).header("retry-after")).contains("2");
        assertThat(stage.ask("throttled?after=250ms", false).header("retry-after"))
                .contains("0.25");
        RawAnswer millis = stage.ask("throttled?hint=ms&after=1.5", false);
        assertThat(millis.header("retry-after-ms")).contains("1500");
        assertThat(millis.header("retry-after")).isEmpty();
        assertThat(stage.ask("throttled?hint=none", false).head().lines())
                .noneMatch(line -> line.startsWith("retry-after"));
        assertThat(stage.ask("throttled?hint=date", false).header("retry-after"))
                .hasValueSatisfying(date -> assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
                        .isAfter(ZonedDateTime.now(ZoneOffset.UTC)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void filterMayAlsoSpeakAtTheEnd(boolean stream) {
        RawAnswer answer = stage.ask("filtered?mode=finish&at=2", stream);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(Stage.content(answer.body())).isEqualTo("one two");
        assertThat(answer.body()).contains("\"finish_reason\":\"content_filter\"");
    }

    @Test
    void flakyFailsTheSameRequestsForTheSameSeed() {
        String first = fates("flaky?seed=7&p=0.5&as=throttled&after=9");
        assertThat(first).contains("4").contains("2").hasSize(20);
        try (Stage another = new Stage()) {
            StringBuilder second = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                second.append(another.ask("flaky?seed=7&p=0.5&as=throttled&after=9", false)
                                .status()
                        / 100);
            }
            assertThat(second).hasToString(first);
        }
        assertThat(fates("flaky?seed=8&p=0.5")).isNotEqualTo(first.replace('4', '5'));
        assertThat(fates("flaky?p=1")).isEqualTo("5".repeat(20));
    }

    @Test
    void onceFailsOncePerKey() {
        assertThat(stage.ask("once?key=a", false).status()).isEqualTo(500);
        assertThat(stage.ask("once?key=a", false).status()).isEqualTo(200);
        assertThat(stage.ask("once?key=b&as=cut&at=3", true).events()).hasSize(1 + 3);
        assertThat(Stage.content(
                        stage.ask("once?key=b&as=cut&at=3&tokens=2", true).body()))
                .isEqualTo("one two");
    }

    private static String fates(String model) {
        StringBuilder fates = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            fates.append(stage.ask(model, false).status() / 100);
        }
        return fates.toString();
    }
}
