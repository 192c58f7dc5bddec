package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A caller who is ready to wait for an hour gets the error when {@code server.max-deadline} has passed. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongestDeadlineTest {
    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s, max-deadline: 900ms}
                providers: {one: {base-url: "${ONE}"}}
                defaults: {timeouts: {connect: 60s, first-token: 60s, idle: 60s, answer: 60s}, cooldown: {after: 1000}}
                """);
        gateway.one().answerAlways(Reply.start().hold());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions  | none                             | \"messages\":[],\"understudy\":{\"deadline\":\"1h\"}",
                "/v1/chat/completions  | none                             | \"messages\":[],\"stream\":true,\"understudy\":{\"deadline\":\"1h\"}",
                "/v1/responses         | none                             | \"input\":\"x\",\"understudy\":{\"deadline\":\"1h\"}",
                "/v1/messages          | none                             | \"max_tokens\":9,\"messages\":[],\"understudy\":{\"deadline\":\"1h\"}",
                "/v1beta/models/one%2Fm:generateContent | none            | \"contents\":[],\"understudy\":{\"deadline\":\"1h\"}",
                "/model/one%2Fm/converse | none                           | \"messages\":[],\"understudy\":{\"deadline\":\"1h\"}",
                "/v1/embeddings        | none                             | \"input\":\"x\",\"understudy\":{\"deadline\":\"1h\"}",
                "/v1/chat/completions  | x-stainless-timeout: 3600        | \"messages\":[]",
                "/v1/messages          | x-stainless-timeout: 3600        | \"max_tokens\":9,\"messages\":[]",
                "/v1/responses         | x-stainless-read-timeout: 3600.5 | \"input\":\"x\"",
                "/v1beta/models/one%2Fm:generateContent | x-server-timeout: 3600 | \"contents\":[]",
            })
    void endsTheCall(String path, String header, String members) {
        String model = path.contains("one%2Fm") ? "" : "\"model\":\"one/m\",";
        long began = System.nanoTime();
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(60))) {
            RawAnswer answer = caller.post(
                            path, "{" + model + members + "}", header.equals("none") ? "x-none: 1" : header)
                    .readAnswer();
            assertThat(answer.status()).as("%s", answer).isEqualTo(504);
        }
        // The margin for the way back is a tenth; none of the hours was waited for.
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(800), Duration.ofSeconds(30));
    }
}
