package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A gateway whose provider is a gateway, both with default settings: each tells its own attempts, and answers are those of one. */
@Timeout(120)
class GatewayBehindGatewayTest {
    private static final String INNER = """
            server: {host: 127.0.0.1, port: 0, drain: 0s}
            providers:
              openai: {base-url: "${ONE}", responses: false, api-key: k}
              anthropic: {base-url: "http://127.0.0.1:${TWO_PORT}", api-key: k}
            models: {chain: {targets: [openai/m, anthropic/m]}}
            """;
    private static final String OUTER = """
            server: {host: 127.0.0.1, port: 0, drain: 0s}
            providers:
              chat: {dialect: openai, responses: false, base-url: "http://127.0.0.1:${INNER}/v1", api-key: k}
              responses: {dialect: openai-responses, base-url: "http://127.0.0.1:${INNER}/v1", api-key: k}
              messages: {dialect: anthropic, base-url: "http://127.0.0.1:${INNER}", api-key: k}
              gemini: {dialect: gemini, base-url: "http://127.0.0.1:${INNER}/v1beta", api-key: k}
              converse: {dialect: bedrock, base-url: "http://127.0.0.1:${INNER}", api-key: k}
              spare: {base-url: "${ONE}", api-key: k}
            models: {spared: {targets: [chat/chain, spare/m]}}
            """;
    private static final String TRAIL = "\"%s/chain\";outcome=(ok|answering);ms=\\d+";

    private record Row(GatewayFixture inner, GatewayFixture outer) implements AutoCloseable {
        static Row start() {
            GatewayFixture inner = GatewayFixture.startWith(INNER);
            return new Row(inner, GatewayFixture.startWith(OUTER, Map.of("INNER", Integer.toString(inner.port()))));
        }

        @Override
        public void close() {
            outer.close();
            inner.close();
        }
    }

    private static RawAnswer post(GatewayFixture gateway, ClientDialect client, String model, boolean stream) {
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(20))) {
            return caller.post(client.path(model, stream), client.body(model, stream))
                    .readAnswer();
        }
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                        ClientDialect.CHAT,
                        ClientDialect.RESPONSES,
                        ClientDialect.MESSAGES,
                        ClientDialect.GEMINI,
                        ClientDialect.CONVERSE)
                .flatMap(client -> Stream.of(true, false).map(stream -> Arguments.of(client, stream)));
    }

    private static String provider(ClientDialect client) {
        return client.name().toLowerCase(Locale.ROOT);
    }

    private static void assertOneAttempt(ClientDialect client, boolean stream, RawAnswer answer) {
        ParsedAnswer parsed = ParsedAnswer.of(client, stream, answer);
        assertThat(parsed.text()).as("%s", answer).isEqualTo(Vendor.TEXT);
        assertThat(parsed.failures()).isEmpty();
        assertThat(parsed.ends()).isEqualTo(1);
        assertThat(answer.header("understudy-trail").orElse("")).matches(TRAIL.formatted(provider(client)));
        assertThat(answer.header("understudy-attempts")).contains("1");
        assertThat(answer.header("understudy-target")).contains(provider(client) + "/chain");
    }

    @ParameterizedTest
    @MethodSource("calls")
    void healthyProviderIsCalledOnce(ClientDialect client, boolean stream) {
        try (Row row = Row.start()) {
            row.inner().one().answerWith(Vendor.OPENAI::well);

            assertOneAttempt(client, stream, post(row.outer(), client, provider(client) + "/chain", stream));

            assertThat(row.inner().one().requestCount()).isEqualTo(1);
            assertThat(row.inner().two().requestCount()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void failureThatOneGatewayRecoversFromIsNoneForTheOther(ClientDialect client, boolean stream) {
        try (Row row = Row.start()) {
            row.inner().one().answerAlways(Vendor.OPENAI.failed(400));
            row.inner().two().answerWith(Vendor.ANTHROPIC::well);

            assertOneAttempt(client, stream, post(row.outer(), client, provider(client) + "/chain", stream));

            assertThat(row.inner().one().requestCount()).isEqualTo(1);
            assertThat(row.inner().two().requestCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT", "RESPONSES", "MESSAGES", "GEMINI", "CONVERSE"})
    void streamThatOneGatewayContinuesIsNotContinuedByTheOther(ClientDialect client) {
        try (Row row = Row.start()) {
            row.inner().one().answerAlways(Vendor.OPENAI.begun(5).close());
            row.inner().two().answerWith(Vendor.ANTHROPIC::well);

            assertOneAttempt(client, true, post(row.outer(), client, provider(client) + "/chain", true));

            assertThat(row.inner().one().requestCount()).isEqualTo(1);
            assertThat(row.inner().two().requestCount()).isEqualTo(1);
        }
    }

    @Test
    void whatTheInnerGatewayCannotContinueTheOuterDoes() {
        try (Row row = Row.start()) {
            row.inner().one().answerAlways(Vendor.OPENAI.begun(5).close());
            row.inner().two().answerAlways(Vendor.ANTHROPIC.failed(400));
            row.outer().one().answerWith(Vendor.OPENAI::well);

            RawAnswer answer = post(row.outer(), ClientDialect.CHAT, "spared", true);

            ParsedAnswer parsed = ParsedAnswer.of(ClientDialect.CHAT, true, answer);
            assertThat(parsed.text()).isEqualTo(Vendor.TEXT);
            assertThat(parsed.failures()).isEmpty();
            assertThat(answer.body())
                    .containsOnlyOnce(
                            "\"understudy\":{\"recovery\":\"continue\",\"trail\":\"\\\"chat/chain\\\";outcome=")
                    .containsOnlyOnce("data: [DONE]");
            assertThat(row.outer().one().requestCount()).isEqualTo(1);
        }
    }

    @Test
    void callerWhoLeavesEndsTheRequestAtTheProvider() throws IOException {
        try (Row row = Row.start()) {
            row.inner().one().answerAlways(Vendor.OPENAI.begun(5).hold());
            try (RawCaller caller = row.outer().caller().waitAtMost(Duration.ofSeconds(20))) {
                caller.post(ClientDialect.CHAT.path("chat/chain", true), ClientDialect.CHAT.body("chat/chain", true));
                assertThat(caller.readHead().status()).isEqualTo(200);
                assertThat(caller.readEvent()).isPresent();
            }
            row.inner().one().take().peerClosedNanos(Duration.ofSeconds(10));
            assertThat(row.inner().two().requestCount()).isZero();
        }
    }
}
