package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.contract.Chats;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drills over the admin API, and what calls meet: those that take part, and above all those that do not. */
@Timeout(180)
class DrillApiTest {
    private static final String MODELS = "models: {m: {targets: [one/a, two/b]}}";
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String STREAMED = ASK.replace("\"model\"", "\"stream\":true,\"model\"");
    private static final String MARK = "x-understudy-drill: outage";

    private static RawAnswer start(GatewayFixture gateway, String fault, String further) {
        return new AdminClient(gateway.port())
                .send(
                        "POST",
                        "/drills",
                        "{\"name\":\"outage\",\"target\":\"one/a\",\"fault\":\"" + fault + "\"" + further + "}",
                        "understudy-author: ann");
    }

    private static String trail(RawAnswer answer) {
        return answer.header("understudy-trail").orElse("");
    }

    private static JsonNode target(GatewayFixture gateway, String name) {
        for (JsonNode each : new AdminClient(gateway.port()).json("/health").path("targets")) {
            if (each.path("target").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError(name + " is not in the health document");
    }

    private static JsonNode result(GatewayFixture gateway, String list) {
        return new AdminClient(gateway.port()).json("/drills").at("/" + list + "/0/result");
    }

    @Test
    void callThatIsNotMarkedIsServedAsWithoutTheDrill() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Chats.answered("of one"));
            gateway.two().answerAlways(Chats.answered("of two"));
            assertThat(start(gateway, "down", "").status()).isEqualTo(200);

            for (int i = 0; i < 30; i++) {
                RawAnswer marked = gateway.chat(ASK, MARK);
                assertThat(marked.status()).isEqualTo(200);
                assertThat(marked.body()).contains("of two");
                RawAnswer usual = gateway.chat(ASK);
                assertThat(usual.body()).contains("of one");
                assertThat(usual.header("understudy-attempts")).contains("1");
                assertThat(trail(usual)).startsWith("\"one/a\";outcome=ok").doesNotContain("drill");
            }
            assertThat(trail(gateway.chat(ASK, MARK)))
                    .as("the circuit of the drill is open")
                    .startsWith("\"one/a\";outcome=passed_over");

            assertThat(gateway.one().requestCount()).isEqualTo(30);
            JsonNode health = target(gateway, "one/a");
            assertThat(health.path("state").asText()).isEqualTo("ready");
            assertThat(health.path("success_rate").asDouble()).isEqualTo(1);
            assertThat(health.path("recent").findValuesAsText("outcome")).containsOnly("ok");
            JsonNode result = result(gateway, "running");
            assertThat(result.path("rescued").asInt()).isPositive();
            assertThat(result.path("rescued").asInt())
                    .isEqualTo(result.path("calls").asInt());
            assertThat(result.at("/added_ms/p50").isIntegralNumber()).isTrue();
            assertThat(gateway.logWith("\"drill\":\"outage\"")).isNotEmpty();
        }
    }

    @Test
    void markIsOfNoUseWithoutADrillOfThatName() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Chats.answered("of one"));
            assertThat(gateway.chat(ASK, MARK).body()).contains("of one");
            assertThat(start(gateway, "down", "").status()).isEqualTo(200);
            assertThat(gateway.chat(ASK, "x-understudy-drill: another").body()).contains("of one");
            assertThat(gateway.one().take().head().toLowerCase(Locale.ROOT)).doesNotContain("x-understudy-drill");
        }
    }

    @Test
    void drillOfAllCallsOpensTheCircuitAndItsEndClosesIt() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Chats.answered("of one"));
            gateway.two().answerAlways(Chats.answered("of two"));
            AdminClient admin = new AdminClient(gateway.port());
            assertThat(start(gateway, "throttled?after=600", ",\"calls\":\"all\",\"minutes\":60")
                            .status())
                    .isEqualTo(200);

            RawAnswer rescued = gateway.chat(ASK);
            assertThat(rescued.body()).contains("of two");
            assertThat(trail(rescued))
                    .startsWith("\"one/a\";outcome=rate_limited;status=429")
                    .containsOnlyOnce(";drill=outage");
            assertThat(target(gateway, "one/a").path("state").asText()).isEqualTo("cooling");

            JsonNode ended = AdminClient.json(admin.send("DELETE", "/drills/outage", ""));
            assertThat(ended.path("reason").asText()).contains("operator");
            assertThat(ended.at("/result/calls").asInt()).isEqualTo(1);
            assertThat(target(gateway, "one/a").path("state").asText()).isEqualTo("ready");
            assertThat(gateway.chat(ASK).body()).contains("of one");
            assertThat(admin.send("DELETE", "/drills/outage", "").status()).isEqualTo(404);
            assertThat(gateway.one().requestCount()).isEqualTo(1);
        }
    }

    /** No invented text reaches a caller: what came before the cut is the provider's, and another target continues it. */
    @Test
    void streamThatIsCutIsContinuedFromWhatTheProviderSaid() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Chats.streamedWords("alpha", " beta", " gamma", " delta"));
            gateway.two().answerAlways(Chats.streamedWords(" omega"));
            start(gateway, "cut?at=2", ",\"calls\":\"all\"");

            RawAnswer answer = gateway.chat(STREAMED);

            assertThat(answer.body())
                    .contains("alpha", " beta", " omega")
                    .doesNotContain(" gamma", " delta")
                    .contains("[DONE]");
            assertThat(gateway.logWith("\"drill\":\"outage\""))
                    .anyMatch(line -> line.contains("\"outcome\":\"truncated\"") && line.contains("\"continuation\""));
            assertThat(result(gateway, "running").path("rescued").asInt()).isEqualTo(1);
        }
    }

    /** The late mark has passed: the hedge answers, and the attempt that was held back has cost nothing. */
    @Test
    void slowTargetIsHedgedAndItsRequestIsNeverSent() {
        try (GatewayFixture gateway = GatewayFixture.start(
                MODELS + "\ndefaults: {timeouts: {connect: 200ms, first-token: 200ms, answer: 200ms, idle: 200ms}}")) {
            gateway.one().answerAlways(Chats.answered("of one"));
            gateway.two().answerAlways(Chats.answered("of two"));
            start(gateway, "slow?ttft=10m", "");

            RawAnswer answer = gateway.chat(ASK, MARK);

            assertThat(answer.body()).contains("of two");
            assertThat(trail(answer)).startsWith("\"one/a\";outcome=cancelled").contains(";drill=outage");
            assertThat(gateway.one().requestCount()).isZero();
        }
    }

    @Test
    void slowTargetAnswersInTheEnd() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Chats.answered("of one"));
            start(gateway, "slow?ttft=20ms", "");

            assertThat(gateway.chat(ASK, MARK).body()).contains("of one");
            // The call is counted before its line is written, and after its answer.
            assertThat(gateway.logWith("\"drill\":\"outage\"")).isNotEmpty();
            assertThat(result(gateway, "running").path("answered").asInt()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"error", "overloaded", "quota", "unauthorized", "missing", "refused", "reset", "garbled", "empty"
            })
    void everyFaultIsRescued(String fault) {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            gateway.one().answerAlways(Chats.answered("of one"));
            gateway.two().answerAlways(Chats.answered("of two"));
            start(gateway, fault, "");

            for (String ask : new String[] {ASK, STREAMED}) {
                gateway.two().answer(ask.equals(ASK) ? Chats.answered("of two") : Chats.streamedWords("of two"));
                RawAnswer answer = gateway.chat(ask, MARK);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).contains("of two");
            }
            assertThat(gateway.one().connectionCount()).isZero();
        }
    }

    @Test
    void ordersThatAreImpossibleAreRefusedWithTheReason() {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            RawAnswer refused = admin.send(
                    "POST",
                    "/drills",
                    "{\"name\":\"An Outage\",\"target\":\"four\",\"fault\":\"ok\",\"calls\":\"some\",\"percent\":0,\"minutes\":61}");
            assertThat(refused.status()).isEqualTo(422);
            assertThat(AdminClient.json(refused).at("/error/problems").findValuesAsText("path"))
                    .containsExactlyInAnyOrder("name", "target", "fault", "calls", "percent", "minutes");
            assertThat(start(gateway, "down", ",\"until\":\"tomorrow\"").status())
                    .isEqualTo(422);
            assertThat(start(gateway, "down", ",\"calls\":\"all\",\"caller\":\"me\"")
                            .status())
                    .isEqualTo(422);
            assertThat(start(gateway, "down", "").status()).isEqualTo(200);
            assertThat(start(gateway, "down", "").status()).isEqualTo(409);
            JsonNode list = admin.json("/drills");
            assertThat(list.at("/running/0/author").asText()).isEqualTo("ann");
            assertThat(list.path("faults").findValuesAsText("name")).contains("down", "cut");
        }
    }

    @Test
    void configurationForbidsDrillsAndEndsThoseThatRun() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            assertThat(start(gateway, "down", "").status()).isEqualTo(200);

            gateway.reload(GatewayFixture.withProviders(MODELS).replace("drain: 0s", "drain: 0s, admin: {drills: off}"))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();

            JsonNode list = admin.json("/drills");
            assertThat(list.path("permitted").asBoolean()).isFalse();
            assertThat(list.path("running")).isEmpty();
            assertThat(list.at("/ended/0/reason").asText()).contains("configuration");
            RawAnswer refused = start(gateway, "down", "");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("drills_off", "server.admin.drills");
        }
    }

    @Test
    void readersOfEventsLearnOfDrills() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(MODELS);
                RawCaller reader = RawCaller.connect(gateway.port()).waitAtMost(Duration.ofSeconds(60))) {
            reader.send("GET /admin/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(reader.readHead().status()).isEqualTo(200);
            start(gateway, "down", "");
            String event = "";
            while (!event.contains("event: drills")) {
                event = reader.readEvent().orElseThrow(() -> new AssertionError("no event of a drill"));
            }
            assertThat(event).contains("event: drills");
        }
    }
}
