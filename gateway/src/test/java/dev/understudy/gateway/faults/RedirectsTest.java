package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider redirects requests: within its host they are sent again, as the official clients do; to other hosts never. */
@Timeout(60)
class RedirectsTest {
    private static final String CHAIN = "models: {chain: {targets: [one/a, two/b]}}";
    private static final String MOVED = "/v2/chat/completions";

    private static Function<ReceivedRequest, Reply> movedTo(String location, int status, Delivery delivery) {
        return request -> request.head().startsWith("POST /v1/")
                ? Reply.json(status, "{\"detail\":\"moved\"}", "Location: " + location)
                : Answers.good(delivery);
    }

    static Stream<Arguments> followed() {
        return Stream.of(Delivery.values())
                .flatMap(delivery -> Stream.of(
                        Arguments.of(delivery, 307, MOVED),
                        Arguments.of(delivery, 308, MOVED),
                        Arguments.of(delivery, 307, "http://127.0.0.1:PORT" + MOVED),
                        Arguments.of(delivery, 307, "../../v2/chat/completions?since=2026")));
    }

    @ParameterizedTest
    @MethodSource("followed")
    void aRedirectWithinTheHostIsFollowedInOneAttempt(Delivery delivery, int status, String location) {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            String place = location.replace("PORT", "" + gateway.one().port());
            gateway.one().answerWith(movedTo(place, status, delivery));

            RawAnswer seen =
                    gateway.chat(delivery.request("chain").replace("\"Hi\"", "\"" + "x".repeat(100_000) + "\""));

            assertThat(seen.status()).as("%s", seen).isEqualTo(200);
            assertThat(seen.body()).isEqualTo(Answers.goodBody(delivery));
            assertThat(seen.header("understudy-target")).contains("one/a");
            assertThat(seen.header("understudy-attempts")).contains("1");
            List<ReceivedRequest> requests = gateway.one().requests();
            assertThat(requests).hasSize(2);
            assertThat(requests.get(1).body()).isEqualTo(requests.get(0).body());
            assertThat(authorization(requests.get(1))).isEqualTo(authorization(requests.get(0)));
            assertThat(gateway.two().requestCount()).isZero();
        }
    }

    private static List<String> authorization(ReceivedRequest request) {
        return request.head()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("authorization:"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:PORT/v2/chat/completions",
                "http://127.0.0.1:1/v2/chat/completions",
                "https://127.0.0.1:PORT/v2/chat/completions",
                "http://user:secret@127.0.0.1:PORT/v2/chat/completions",
                "//example.invalid/v2/chat/completions",
                "file:///etc/passwd",
                "http://[not an address"
            })
    void aRedirectToAnotherPlaceIsAFailure(String location) {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            String place = location.replace("PORT", "" + gateway.one().port());
            gateway.one().answerWith(movedTo(place, 307, Delivery.WHOLE));
            gateway.two().answerAlways(Answers.good(Delivery.WHOLE));

            RawAnswer seen = gateway.chat(Delivery.WHOLE.request("chain"));

            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.header("understudy-target")).contains("two/b");
            assertThat(gateway.one().requests())
                    .allSatisfy(request -> assertThat(request.head()).startsWith("POST /v1/"));
        }
    }

    @Test
    void theFailureSaysWhereToAndWhatToDo() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one()
                    .answerAlways(Reply.json(
                            308, "", "Location: https://new.example.invalid/v1/chat/completions?token=abc123"));

            RawAnswer seen = gateway.chat(Delivery.WHOLE.request("one/a"));

            assertThat(seen.status()).isEqualTo(502);
            assertThat(seen.body())
                    .contains("redirects to https://new.example.invalid, which is not followed", "base-url")
                    .doesNotContain("abc123");
        }
    }

    @Test
    void aLoopOfRedirectsIsAFailureOfTheAttempt() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerAlways(Reply.json(307, "", "Location: /v1/chat/completions"));
            gateway.two().answerAlways(Answers.good(Delivery.WHOLE));

            RawAnswer seen = gateway.chat(Delivery.WHOLE.request("chain"));

            assertThat(seen.header("understudy-target")).contains("two/b");
            assertThat(gateway.one().requestCount() % 6)
                    .as("each attempt is sent, and redirected five times")
                    .isZero();
        }
    }

    @Test
    void aCallerWhoLeavesEndsTheRedirectedRequest() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one()
                    .answerWith(request -> request.head().startsWith("POST /v1/")
                            ? Reply.json(307, "", "Location: " + MOVED)
                            : Reply.start().hold());
            try (RawCaller caller = gateway.caller()) {
                caller.post(GatewayFixture.PATH, Delivery.WHOLE.request("chain"));
                gateway.one().take();
                ReceivedRequest redirected = gateway.one().take();
                caller.close();

                assertThat(redirected.peerClosedNanos(Duration.ofSeconds(10))).isNotZero();
            }
        }
    }
}
