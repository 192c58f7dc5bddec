package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large requests are read off the event loop, and answered as small ones are, whatever is wrong with them. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeRequestsLikeSmallOnesTest {
    private static final String PADDING = " ".repeat(600_000);

    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.startWith("""
                server:
                  port: 0
                  drain: 0s
                  keys: [{name: all, key: key-of-all}, {name: some, key: key-of-some, models: ["one/*"], tokens-per-minute: 60}]
                providers: {one: {base-url: "${ONE}"}, two: {base-url: "${TWO}", responses: true}}
                """);
        gateway.one().answerAlways(Chats.answered("hi"));
        gateway.two().answerAlways(Chats.answered("hi"));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private RawAnswer post(String path, String key, String body) {
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(60))) {
            return caller.post(path, body, "Authorization: Bearer " + key).readAnswer();
        }
    }

    private static List<String> told(RawAnswer answer) {
        return List.of(
                Integer.toString(answer.status()),
                answer.body().replaceAll("near byte \\d+", "near byte N"),
                answer.header("understudy-attempts").orElse("none"),
                answer.header("understudy-target").orElse("none"),
                answer.header("understudy-trail").orElse("none").replaceAll("ms=\\d+", "ms"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | key-of-all  | /v1/chat/completions      | {\"model\":\"one/m\",\"messages\":[]}",
                "404 | key-of-all  | /v1/chat/completions      | {\"model\":\"none/m\",\"messages\":[]}",
                "400 | key-of-all  | /v1/chat/completions      | {\"model\":\"one/m\",\"messages\":[",
                "400 | key-of-all  | /v1/messages              | {\"model\":",
                "400 | key-of-all  | /v1/responses             | []",
                "400 | key-of-all  | /v1beta/models/one%2Fm:generateContent | nonsense",
                "400 | key-of-all  | /model/one%2Fm/invoke     | nonsense",
                "403 | key-of-some | /v1/chat/completions      | {\"model\":\"two/m\",\"messages\":[]}",
                "200 | key-of-all  | /v1/messages/count_tokens | {\"model\":\"one/m\",\"messages\":[]}",
                "400 | key-of-all  | /v1/messages/count_tokens | {",
                "200 | key-of-all  | /v1/responses/compact     | {\"model\":\"two/m\",\"input\":[]}",
                "400 | key-of-all  | /v1/responses/compact     | {",
            })
    void theSameAnswer(int status, String key, String path, String body) {
        RawAnswer small = post(path, key, body);
        assertThat(small.status()).as("%s", small).isEqualTo(status);
        RawAnswer large = post(path, key, body.replaceFirst("[}\\]]?$", PADDING + "$0"));
        if (path.endsWith("count_tokens") && status == 200) {
            assertThat(large.status()).isEqualTo(status);
        } else {
            assertThat(told(large)).isEqualTo(told(small));
        }
    }

    @Test
    void itsTokensCountForTheLimitOfItsKey() {
        String words = "{\"model\":\"one/m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(100_000)
                + "\"}]}";
        RawAnswer answer = post(GatewayFixture.PATH, "key-of-some", words);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.header("x-ratelimit-remaining-tokens"))
                .as("what is reserved while the call is in progress")
                .contains("0");
    }
}
