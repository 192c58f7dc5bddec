package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The providers in the admin API: what is told of them, tests of connections, and keys that are set at run time. */
@Timeout(180)
class ProvidersAtRunTimeTest {
    private static final String MODELS = """
            models:
              m: {targets: [one/a, two/b]}
              n: {targets: [two/c], fallbacks: [three/d]}
            fallbacks: [one/z]
            """;
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final Reply ANSWER = Reply.json(
            200,
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}");

    @TempDir
    private Path folder;

    private static JsonNode provider(AdminClient admin, String name) {
        for (JsonNode each : admin.json("/providers").path("providers")) {
            if (each.path("name").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no provider " + name);
    }

    private static JsonNode test(AdminClient admin, String name) {
        RawAnswer answer = admin.send("POST", "/providers/" + name + "/test", "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return AdminClient.json(answer);
    }

    @Test
    void providersAreListedWithTheirChainsAndHealthAndWithoutTheirKeys() {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            gateway.one().answerAlways(Reply.json(401, "{\"error\":{\"message\":\"no such key\"}}"));
            gateway.two().answerAlways(ANSWER);
            AdminClient admin = new AdminClient(gateway.port());
            for (int i = 0; i < 3; i++) {
                assertThat(gateway.chat(ASK).status()).isEqualTo(200);
            }

            JsonNode two = provider(admin, "two");
            assertThat(two.path("dialect").asText()).isEqualTo("openai");
            assertThat(two.path("base_url").asText()).isEqualTo(gateway.two().baseUrl());
            assertThat(two.at("/key/present").asBoolean()).isTrue();
            assertThat(two.at("/key/source").asText()).isEqualTo("configuration");
            assertThat(two.path("chains").toString()).isEqualTo("[\"m\",\"n\"]");
            assertThat(two.path("default_fallbacks").asBoolean()).isFalse();
            assertThat(two.path("targets").toString()).contains("two/b", "two/c", "ready");
            assertThat(provider(admin, "three").path("chains").toString()).isEqualTo("[\"n\"]");
            JsonNode one = provider(admin, "one");
            assertThat(one.path("default_fallbacks").asBoolean()).isTrue();
            assertThat(one.path("targets").findValuesAsText("state")).contains("cooling");
            assertThat(admin.get("/providers").body()).doesNotContain("key-of-");
        }
    }

    @Test
    void connectionIsTestedWithARequestThatCostsNothing() {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            String health = admin.json("/health").path("targets").toString();
            gateway.one().answerAlways(Reply.json(200, "{\"object\":\"list\",\"data\":[]}"));

            JsonNode good = test(admin, "one");

            assertThat(good.path("ok").asBoolean()).isTrue();
            assertThat(good.path("kind").asText()).isEqualTo("ok");
            assertThat(good.path("status").asInt()).isEqualTo(200);
            assertThat(good.path("ms").isNumber()).isTrue();
            assertThat(gateway.one().take().head())
                    .startsWith("GET /v1/models ")
                    .contains("Bearer key-of-one");

            gateway.two().answerAlways(Reply.json(401, "{\"error\":{\"message\":\"Incorrect API key: key-of-two\"}}"));
            JsonNode refused = test(admin, "two");
            assertThat(refused.path("ok").asBoolean()).isFalse();
            assertThat(refused.path("kind").asText()).isEqualTo("auth");
            assertThat(refused.path("message").asText()).contains("Incorrect API key");
            assertThat(refused.path("next_step").asText()).contains("api-key");
            assertThat(refused.toString()).doesNotContain("key-of-two");

            gateway.two().answerAlways(Reply.json(404, "{}"));
            assertThat(test(admin, "two").path("kind").asText()).isEqualTo("no_model_list");
            gateway.two()
                    .answerAlways(Reply.start()
                            .send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                                    + "Content-Length: 6\r\n\r\n<html>"));
            assertThat(test(admin, "two").path("kind").asText()).isEqualTo("malformed");
            assertThat(admin.send("POST", "/providers/four/test", "").status()).isEqualTo(404);
            assertThat(admin.send("GET", "/providers/one/test", "").status()).isEqualTo(405);
            assertThat(admin.json("/health").path("targets").toString()).isEqualTo(health);
        }
    }

    @Test
    void providerThatCannotBeReachedIsDescribed() {
        String yaml = GatewayFixture.withProviders(MODELS)
                .replace("\"${ONE}\"", "\"http://127.0.0.1:" + ScriptedUpstream.unusedPort() + "/v1\"");
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, yaml, Stores.open(StoreOptions.in(folder)))) {
            JsonNode unreached = test(new AdminClient(gateway.port()), "one");
            assertThat(unreached.path("kind").asText()).isEqualTo("connection");
            assertThat(unreached.path("message").asText()).isEqualTo("connection refused");
            assertThat(unreached.path("status").isMissingNode()).isTrue();
            assertThat(unreached.path("next_step").asText()).contains("base-url");
        }
    }

    @Test
    void testsAreLimited() {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            gateway.one().answerAlways(Reply.json(200, "{\"data\":[]}"));
            AdminClient admin = new AdminClient(gateway.port());
            List<RawAnswer> answers = new ArrayList<>();
            // On a machine that needs a second for each test, as many come back as are used.
            while (answers.stream().noneMatch(answer -> answer.status() == 429) && answers.size() < 200) {
                answers.add(admin.send("POST", "/providers/one/test", ""));
            }
            RawAnswer refused = answers.getLast();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Long.parseLong(refused.header("retry-after").orElseThrow()))
                    .isPositive();
            gateway.one().answerAlways(ANSWER);
            assertThat(gateway.chat(ASK.replace("\"m\"", "\"one/a\"")).status()).isEqualTo(200);
        }
    }

    @Test
    void keyThatIsSetIsUsedAtOnceAndIsNowhereToBeRead() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            gateway.one().answerAlways(ANSWER);
            AdminClient admin = new AdminClient(gateway.port());
            gateway.chat(ASK);
            assertThat(gateway.one().take().head()).contains("Bearer key-of-one");

            RawAnswer set = admin.send("PUT", "/providers/one/key", "{\"key\":\"a-new-key-of-one\"}");

            assertThat(set.status()).isEqualTo(200);
            assertThat(set.body()).contains("\"source\":\"run_time\"").doesNotContain("a-new-key-of-one");
            gateway.chat(ASK);
            assertThat(gateway.one().take().head()).contains("Bearer a-new-key-of-one");
            admin.change("PUT", "/chains/m", "{\"targets\":[\"one/y\"]}", 0);
            gateway.reload();
            gateway.chat(ASK);
            assertThat(gateway.one().take().head())
                    .as("after a change and a reload")
                    .contains("Bearer a-new-key-of-one");
            for (String path : new String[] {
                "/settings", "/settings/export", "/versions", "/versions/1", "/providers", "/chains", "/health"
            }) {
                assertThat(admin.get(path).body()).as(path).doesNotContain("a-new-key-of-one");
            }
            // Like every key in use, it is removed from what a provider says.
            gateway.one().answerAlways(Reply.json(400, "{\"error\":{\"message\":\"odd: a-new-key-of-one\"}}"));
            assertThat(gateway.chat(ASK.replace("\"m\"", "\"one/x\"")).body()).doesNotContain("a-new-key-of-one");

            gateway.one().answerAlways(ANSWER);
            gateway.one().forgetRequests();
            assertThat(admin.send("DELETE", "/providers/one/key", "").status()).isEqualTo(200);
            gateway.chat(ASK);
            assertThat(gateway.one().take().head()).contains("Bearer key-of-one");
            assertThat(admin.send("DELETE", "/providers/one/key", "").status()).isEqualTo(404);
        }
    }

    @Test
    void newKeyClosesTheCircuitOfTheOldOne() {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            gateway.one().answerWith(request -> request.head().contains("a-good-key") ? ANSWER : Reply.json(401, "{}"));
            gateway.two().answerAlways(ANSWER);
            AdminClient admin = new AdminClient(gateway.port());
            for (int i = 0; i < 3; i++) {
                assertThat(gateway.chat(ASK).header("understudy-target")).contains("two/b");
            }
            admin.send("PUT", "/providers/one/key", "{\"key\":\"a-good-key\"}");
            assertThat(gateway.chat(ASK).header("understudy-target")).contains("one/a");
        }
    }

    @Test
    void keysThatCannotBeOnesAreRefusedWithoutBeingRepeated() {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            for (String key : new String[] {"", "two secret parts", "sécret-part", "secret\\u0007part"}) {
                RawAnswer refused = admin.send("PUT", "/providers/one/key", "{\"key\":\"" + key + "\"}");
                assertThat(refused.status()).isEqualTo(422);
                assertThat(refused.body()).contains("\"path\":\"key\"").doesNotContain("secret", "sécret");
            }
            assertThat(admin.send("PUT", "/providers/four/key", "{\"key\":\"k\"}")
                            .status())
                    .isEqualTo(404);
            assertThat(admin.send("PUT", "/providers/one/key", "{\"key\":{\"a\":\"hidden-part\"}}")
                            .body())
                    .doesNotContain("hidden-part");
        }
    }
}
