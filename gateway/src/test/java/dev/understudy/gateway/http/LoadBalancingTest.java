package dev.understudy.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups at the wire, with default settings: to which provider each call goes, and what its caller is told. */
@Timeout(60)
class LoadBalancingTest {
    private static final String ANSWER =
            "{\"id\":\"x\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                    + "{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}";

    private static final String WITHOUT_CONVERSATION = "{\"model\":\"m\",\"messages\":[]}";

    private static GatewayFixture gateway(String rest) {
        GatewayFixture gateway = GatewayFixture.start(rest);
        gateway.upstreams().forEach(upstream -> upstream.answerAlways(Reply.json(200, ANSWER)));
        return gateway;
    }

    private static String conversation(int number) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Question " + number + "\"}]}";
    }

    private static String target(RawAnswer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.header("understudy-target").orElseThrow();
    }

    private static String trail(RawAnswer answer) {
        return answer.header("understudy-trail").orElseThrow();
    }

    @Test
    void weightsAreSharesOfTheCallsAndEachTakesOneAttempt() {
        try (GatewayFixture gateway = gateway("""
                models: {m: {targets: [{members: [{target: one/a, weight: 3}, two/a]}, three/a]}}
                """);
                RawCaller caller = gateway.caller()) {
            for (int i = 0; i < 400; i++) {
                RawAnswer answer =
                        caller.post(GatewayFixture.PATH, WITHOUT_CONVERSATION).readAnswer();
                assertThat(target(answer)).isIn("one/a", "two/a");
                assertThat(answer.header("understudy-attempts")).contains("1");
            }
            assertThat(gateway.one().requestCount()).isBetween(248, 352);
            assertThat(gateway.three().requestCount()).isZero();
        }
    }

    @Test
    void theTrailNamesTheGroupAndTheReason() {
        try (GatewayFixture gateway = gateway("""
                groups: {pool: {strategy: round-robin, members: [one/a, two/a]}}
                models: {m: {targets: [pool]}}
                """)) {
            assertThat(trail(gateway.chat(WITHOUT_CONVERSATION)))
                    .matches("\"one/a\";outcome=ok;ms=\\d+;group=pool;chosen=round-robin");
            assertThat(trail(gateway.chat(WITHOUT_CONVERSATION))).startsWith("\"two/a\";outcome=ok");
            assertThat(target(gateway.chat("{\"model\":\"pool\",\"messages\":[]}")))
                    .isEqualTo("one/a");
        }
    }

    @Test
    void membersThatFailFallThroughToTheOthersAndThenToTheNextStep() {
        try (GatewayFixture gateway = gateway("""
                models: {m: {targets: [{strategy: round-robin, members: [one/a, two/a]}, three/a]}}
                """)) {
            gateway.one().answerAlways(Reply.json(404, "{}"));
            RawAnswer second = gateway.chat(WITHOUT_CONVERSATION);
            assertThat(target(second)).isEqualTo("two/a");
            assertThat(trail(second))
                    .contains("\"one/a\";outcome=unknown_model;status=404", "\"two/a\";outcome=ok")
                    .contains("group=\"models.m.targets[0]\"");
            gateway.two().answerAlways(Reply.json(404, "{}"));
            assertThat(target(gateway.chat(WITHOUT_CONVERSATION))).isEqualTo("three/a");
        }
    }

    @Test
    void aConversationStaysAtItsMemberAndLeavesItOnlyIfItFails() {
        try (GatewayFixture gateway = gateway("models: {m: {targets: [{members: [one/a, two/a, three/a]}]}}")) {
            int[] ofOne = IntStream.range(0, 30)
                    .filter(i -> target(gateway.chat(conversation(i))).equals("one/a"))
                    .toArray();
            assertThat(ofOne).hasSizeBetween(1, 29);
            RawAnswer later = gateway.chat(
                    "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Question "
                            + ofOne[0]
                            + "\"},{\"role\":\"assistant\",\"content\":\"hi\"},{\"role\":\"user\",\"content\":\"More\"}]}");
            assertThat(trail(later)).startsWith("\"one/a\";outcome=ok").contains("chosen=conversation");

            gateway.one().answerAlways(Reply.json(503, "{}", "retry-after: 60"));
            for (int i = 0; i < 30; i++) {
                String home = target(gateway.chat(conversation(i)));
                assertThat(home).isNotEqualTo("one/a").isEqualTo(target(gateway.chat(conversation(i))));
            }
        }
    }

    @Test
    void aHeaderNamesTheSession() {
        try (GatewayFixture gateway = gateway("models: {m: {targets: [{members: [one/a, two/a]}]}}")) {
            String home = target(gateway.chat(conversation(0), "understudy-session: s1"));
            for (int i = 1; i < 20; i++) {
                assertThat(target(gateway.chat(conversation(i), "understudy-session: s1")))
                        .isEqualTo(home);
            }
        }
    }

    @Test
    void theKeysOfOneProviderCanTakeTurns() {
        try (GatewayFixture gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s}
                providers: {one: {base-url: "${ONE}", api-key: [first, second]}}
                models: {m: {targets: [{strategy: round-robin, members: [{target: one/a, key: each}]}]}}
                """)) {
            ScriptedUpstream one = gateway.one().answerAlways(Reply.json(200, ANSWER));
            IntStream.range(0, 4).forEach(i -> target(gateway.chat(WITHOUT_CONVERSATION)));
            assertThat(one.requests())
                    .extracting(request ->
                            request.head().toLowerCase(Locale.ROOT).replaceAll("(?s).*bearer (\\w+).*", "$1"))
                    .containsExactly("first", "second", "first", "second");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"least-loaded", "lowest-latency", "weighted", "round-robin"})
    void everyStrategyAnswersWhileAMemberIsDown(String strategy) {
        try (GatewayFixture gateway =
                gateway("models: {m: {targets: [{strategy: " + strategy + ", members: [one/a, two/a]}]}}")) {
            gateway.one().answerAlways(Reply.json(500, "{}"));
            for (int i = 0; i < 40; i++) {
                assertThat(target(gateway.chat(conversation(i)))).isEqualTo("two/a");
            }
            assertThat(gateway.one().requestCount()).as("its circuit opens").isLessThan(20);
        }
    }

    @Test
    void portkeysLoadBalancingIsALottery() {
        try (GatewayFixture gateway = gateway("")) {
            String config = "x-portkey-config: {\"strategy\":{\"mode\":\"loadbalance\"},\"targets\":["
                    + "{\"provider\":\"one\",\"weight\":0.5},{\"provider\":\"two\",\"weight\":0.5}]}";
            for (int i = 0; i < 60; i++) {
                target(gateway.chat(conversation(1), config));
            }
            assertThat(gateway.one().requestCount()).isBetween(8, 52);
            assertThat(gateway.two().requestCount()).isBetween(8, 52);
        }
    }

    @Test
    void callersCanListGroups() {
        try (GatewayFixture gateway = gateway("""
                groups: {pool: {members: [one/a, two/a]}}
                fallbacks: [{members: [three/a]}]
                """);
                RawCaller caller = gateway.caller()) {
            assertThat(caller.get("/v1/models").readAnswer().body())
                    .contains("\"id\":\"pool\"", "\"id\":\"three/a\"")
                    .doesNotContain("fallbacks[0]");
        }
    }
}
