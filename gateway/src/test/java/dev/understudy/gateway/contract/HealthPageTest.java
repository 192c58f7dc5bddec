package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The health page of operators: targets that are skipped, since when, until when and why. */
@Timeout(60)
class HealthPageTest {
    private static final String PATH = "/admin/v1/health";
    private static final String CHAIN = """
            defaults: {retry: {attempts: 0}, cooldown: {after: 3, base: 60s, cap: 60s}}
            models: {m: {targets: [one/a, two/b]}}
            """;

    private static JsonArray targets(GatewayFixture gateway) {
        return page(gateway).getJsonArray("targets");
    }

    private static JsonObject page(GatewayFixture gateway) {
        try (RawCaller caller = gateway.caller()) {
            RawAnswer answer = caller.get(PATH).readAnswer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).contains("application/json");
            return new JsonObject(answer.body());
        }
    }

    private static JsonObject target(GatewayFixture gateway, String name) {
        return targets(gateway).stream()
                .map(JsonObject.class::cast)
                .filter(target -> target.getString("target").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the page does not mention " + name));
    }

    private static List<String> outcomes(JsonObject target) {
        return target.getJsonArray("recent").stream()
                .map(attempt -> ((JsonObject) attempt).getString("outcome"))
                .toList();
    }

    @Test
    void everyConfiguredTargetIsListedBeforeTheFirstAttempt() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN + "fallbacks: [three/c]")) {
            JsonArray targets = targets(gateway);
            assertThat(targets)
                    .extracting(target -> ((JsonObject) target).getString("target"))
                    .containsExactly("one/a", "two/b", "three/c");
            assertThat(targets.getJsonObject(0)).isEqualTo(new JsonObject("""
                    {"target": "one/a", "state": "ready", "configured": true, "callers_key": false,
                     "success_rate": 1.0, "first_token": {"samples": 0}, "answer": {"samples": 0}, "recent": []}"""));
        }
    }

    @Test
    void aCooldownIsShownWithItsStartEndAndReason() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerAlways(Chats.refused(404));
            gateway.two().answerAlways(Chats.answered("hi"));
            Instant before = Instant.now().minusMillis(1);
            assertThat(gateway.chat(Chats.ask("m")).status()).isEqualTo(200);

            JsonObject page = page(gateway);
            JsonObject cooling = target(gateway, "one/a");
            assertThat(cooling.getString("state")).isEqualTo("cooling");
            assertThat(cooling.getString("scope")).isEqualTo("target");
            assertThat(cooling.getString("reason")).isEqualTo("unknown_model");
            assertThat(cooling.getInteger("trips_in_a_row")).isEqualTo(1);
            assertThat(cooling.getBoolean("binding")).isFalse();
            assertThat(outcomes(cooling)).containsExactly("unknown_model");
            assertThat(page.getString("now")).endsWith("Z");
            Instant since = Instant.parse(cooling.getString("since"));
            assertThat(since).isBetween(before, Instant.now());
            assertThat(Duration.between(since, Instant.parse(cooling.getString("until"))))
                    .isBetween(Duration.ofMillis(59_999), Duration.ofMillis(60_001));

            JsonObject ready = target(gateway, "two/b");
            assertThat(ready.getString("state")).isEqualTo("ready");
            assertThat(ready.fieldNames()).doesNotContain("scope", "since", "until", "reason", "trips_in_a_row");
            assertThat(outcomes(ready)).containsExactly("ok");
            assertThat(ready.getJsonObject("answer").getInteger("samples")).isEqualTo(1);
            assertThat(ready.getJsonObject("answer").getLong("p95_ms")).isBetween(1L, 30_000L);
            assertThat(ready.getJsonObject("first_token").fieldNames()).containsExactly("samples");
        }
    }

    @Test
    void theScopeIsThatOfTheFailureAndTheRateFallsWithEachThatCounts() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answer(Reply.json(500, "")).answerAlways(Chats.refused(401));
            gateway.two().answerAlways(Chats.answered("hi"));
            gateway.chat(Chats.ask("m"));
            assertThat(target(gateway, "one/a").getDouble("success_rate")).isEqualTo(0.95);
            gateway.chat(Chats.ask("m"));

            JsonObject refused = target(gateway, "one/a");
            // One model says so without naming the key: its other models are still tried.
            assertThat(refused.getString("scope")).isEqualTo("target");
            assertThat(refused.getString("reason")).isEqualTo("auth");
            assertThat(refused.getBoolean("binding")).isTrue();
            assertThat(outcomes(refused)).containsExactly("auth", "server_error");
        }
    }

    @Test
    void aProviderThatCannotBeReachedIsTheScopeOfAllItsTargets() {
        // This port never had a listener: a socket that is being closed may still accept, and then the target is at
        // fault.
        String configuration = """
                server: {host: 127.0.0.1, port: 0, drain: 0s}
                providers:
                  one: {base-url: "http://127.0.0.1:%d/v1"}
                  two: {base-url: "${TWO}"}
                """.formatted(ScriptedUpstream.unusedPort());
        try (GatewayFixture gateway = GatewayFixture.startWith(configuration + CHAIN)) {
            gateway.two().answerAlways(Chats.answered("hi"));
            for (int i = 0; i < 3; i++) {
                gateway.chat(Chats.ask("m"));
            }
            JsonObject unreachable = target(gateway, "one/a");
            assertThat(unreachable.getString("scope")).isEqualTo("provider");
            assertThat(unreachable.getString("reason")).isEqualTo("connection");
        }
    }

    @Test
    void streamsTellTheirFirstToken() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerAlways(Chats.streamed());
            gateway.chat(Chats.askStream("m"));
            JsonObject target = target(gateway, "one/a");
            assertThat(target.getJsonObject("first_token").fieldNames())
                    .containsExactlyInAnyOrder("samples", "p50_ms", "p95_ms");
            assertThat(target.getJsonObject("answer").getInteger("samples")).isZero();
        }
    }

    @Test
    void recentAttemptsAreTheLastTwentyTheLatestFirst() {
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            ScriptedUpstream one = gateway.one();
            one.answer(Chats.refused(400)).answerAlways(Chats.answered("hi"));
            gateway.chat(Chats.ask("m"));
            for (int i = 0; i < 19; i++) {
                gateway.chat(Chats.ask("m"));
            }
            JsonArray recent = target(gateway, "one/a").getJsonArray("recent");
            assertThat(recent).hasSize(20);
            assertThat(recent.getJsonObject(19).getString("outcome")).isEqualTo("bad_request");
            assertThat(recent.getJsonObject(0).getString("outcome")).isEqualTo("ok");
            assertThat(recent.getJsonObject(0).getLong("ago_ms"))
                    .isBetween(0L, recent.getJsonObject(19).getLong("ago_ms"));
            assertThat(recent.getJsonObject(0).getLong("duration_ms")).isBetween(0L, 30_000L);

            gateway.chat(Chats.ask("m"));
            assertThat(outcomes(target(gateway, "one/a"))).hasSize(20).containsOnly("ok");
        }
    }

    @Test
    void targetsOfCallersAreListedAfterTheConfiguredOnesWithoutKeys() {
        String secret = "sk-brought-0123456789";
        try (GatewayFixture gateway = GatewayFixture.start(CHAIN)) {
            gateway.one().answerAlways(Chats.answered("hi"));
            gateway.chat(Chats.ask("one/brought"));
            gateway.chat(Chats.ask("m", "\"customer_credentials\":{\"one\":{\"api_key\":\"" + secret + "\"}}"));

            JsonArray targets = targets(gateway);
            assertThat(targets)
                    .extracting(target -> ((JsonObject) target).getString("target"))
                    .containsExactly("one/a", "two/b", "one/a", "one/brought");
            assertThat(targets.getJsonObject(2).getBoolean("callers_key")).isTrue();
            assertThat(targets.getJsonObject(2).getBoolean("configured")).isFalse();
            assertThat(targets.getJsonObject(3).getBoolean("callers_key")).isFalse();
            assertThat(outcomes(targets.getJsonObject(0))).isEmpty();
            assertThat(targets.encode())
                    .doesNotContain(secret, "key-of-one", "caller:", Integer.toHexString(secret.hashCode()));
        }
    }

    @Test
    void onlyOperatorsReadItWhereThereIsAnAdminKey() {
        try (GatewayFixture gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s, keys: [the-key], admin-key: the-admin-key}
                providers: {one: {base-url: "${ONE}", api-key: key-of-one}}
                models: {m: {targets: [one/a]}}
                """)) {
            assertThat(get(gateway, "X-Nothing: x").status()).isEqualTo(401);
            assertThat(get(gateway, "Authorization: Bearer the-key").status()).isEqualTo(401);
            RawAnswer page = get(gateway, "Authorization: Bearer the-admin-key");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("\"one/a\"").doesNotContain("the-key", "the-admin-key", "key-of-one");
        }
    }

    private static RawAnswer get(GatewayFixture gateway, String header) {
        try (RawCaller caller = gateway.caller()) {
            return caller.send("GET " + PATH + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n")
                    .readAnswer();
        }
    }
}
