package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.contract.Chats;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls of the console that reach the providers: only where they are requested as such, limited, marked, and without an effect on health. */
@Timeout(120)
class RealTriesTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String MODELS = """
            models: {m: {targets: [one/a, two/b]}}
            prices: {two/b: {input: 2, output: 10}}
            """;
    private static final String REAL =
            "{\"chain\":\"m\",\"faults\":{\"one/a\":\"%s\"},\"message\":\"Say hello.\",\"stream\":%s,\"real\":true}";

    @TempDir
    private Path folder;

    private GatewayFixture start() {
        GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS);
        gateway.one().answerAlways(Chats.answered("of one"));
        gateway.two().answerAlways(Chats.answered("of two"));
        gateway.three().answerAlways(Chats.answered("of three"));
        return gateway;
    }

    private static RawAnswer tryOut(GatewayFixture gateway, String body, String author) {
        return new AdminClient(gateway.port()).send("POST", "/try", body, "understudy-author: " + author);
    }

    private static JsonNode error(RawAnswer refused) {
        return AdminClient.json(refused).path("error");
    }

    @Test
    void targetWithAFaultIsNotCalledAndTheNextOneReallyAnswers() {
        try (GatewayFixture gateway = start()) {
            JsonNode tried = AdminClient.json(tryOut(gateway, REAL.formatted("down", "false"), "ann"));

            assertThat(tried.path("text").asText()).isEqualTo("of two");
            assertThat(gateway.one().connectionCount()).isZero();
            assertThat(gateway.two().requestCount()).isEqualTo(1);
            ReceivedRequest sent = gateway.two().take();
            assertThat(sent.head()).contains("Bearer key-of-two");
            assertThat(sent.body()).contains("\"Say hello.\"", "\"max_tokens\":256");
            JsonNode call = tried.path("call");
            assertThat(call.at("/trail/0/drill").asText()).isEqualTo("Try-it");
            assertThat(call.at("/trail").findValuesAsText("target"))
                    .startsWith("one/a")
                    .endsWith("two/b");
            assertThat(call.path("cost_usd").asText()).isEqualTo("0.000026");
            assertThat(call.path("summary").asText()).contains("a fault chosen in the console", "two/b answered");
        }
    }

    @Test
    void realCallIsRecordedWithItsMarkAndLeavesHealthAsItWas() throws Exception {
        try (GatewayFixture gateway = start()) {
            AdminClient admin = new AdminClient(gateway.port());
            String health = admin.json("/health").path("targets").toString();

            String id = AdminClient.json(tryOut(gateway, REAL.formatted("down", "false"), "ann"))
                    .path("id")
                    .asText();

            assertThat(gateway.logWith(id))
                    .singleElement()
                    .asString()
                    .contains("\"caller\":\"(console)\"", "\"drill\":\"Try-it\"");
            assertThat(gateway.store().calls().awaitWritten(SOON)).isTrue();
            assertThat(admin.json("/calls?caller=(console)").path("calls").findValuesAsText("id"))
                    .containsExactly(id);
            assertThat(admin.json("/health").path("targets").toString()).isEqualTo(health);
        }
    }

    @Test
    void chainIsCalledAsItIsEditedBeforeItIsSaved() {
        try (GatewayFixture gateway = start()) {
            String edited =
                    "{\"chain\":\"m\",\"targets\":[\"three/c\",\"one/a\"],\"real\":true,\"stream\":false,\"max_tokens\":20}";
            assertThat(AdminClient.json(tryOut(gateway, edited, "ann"))
                            .path("text")
                            .asText())
                    .isEqualTo("of three");
            assertThat(gateway.three().take().body()).contains("\"max_tokens\":20");
            assertThat(gateway.one().connectionCount()).isZero();
        }
    }

    /** The provider is called, and so its answer is real up to the place of the cut. */
    @Test
    void streamThatIsCutIsContinuedByTheNextProvider() {
        try (GatewayFixture gateway = start()) {
            gateway.one().answerAlways(Chats.streamedWords(numbers(1, 30)));
            gateway.two().answerAlways(Chats.streamedWords(numbers(13, 30)));

            JsonNode tried = AdminClient.json(tryOut(gateway, REAL.formatted("cut", "true"), "ann"));

            assertThat(gateway.one().take().body()).contains("\"include_usage\":true");
            assertThat(gateway.two().requestCount()).isEqualTo(1);
            assertThat(tried.at("/call/trail").findValuesAsText("kind")).contains("continuation");
            assertThat(tried.path("text").asText()).isEqualTo(String.join("", numbers(1, 30)));
        }
    }

    private static String[] numbers(int from, int to) {
        String[] words = new String[to - from + 1];
        for (int i = from; i <= to; i++) {
            words[i - from] = "number " + i + ", ";
        }
        return words;
    }

    @Test
    void withoutTheFieldNoProviderIsCalled() {
        try (GatewayFixture gateway = start()) {
            String body = REAL.formatted("down", "true");
            for (String rehearsed :
                    List.of(body.replace(",\"real\":true", ""), body.replace("\"real\":true", "\"real\":false"))) {
                assertThat(AdminClient.json(tryOut(gateway, rehearsed, "ann"))
                                .at("/call/target")
                                .asText())
                        .isEqualTo("two/b");
            }
            assertThat(error(tryOut(gateway, body.replace("\"real\":true", "\"real\":\"true\""), "ann"))
                            .at("/problems/0/path")
                            .asText())
                    .isEqualTo("real");
            assertThat(gateway.upstreams()).allMatch(upstream -> upstream.connectionCount() == 0);
        }
    }

    @Test
    void limitsOfRealCallsAreCheckedBeforeAnythingIsCalled() {
        try (GatewayFixture gateway = start()) {
            String body = REAL.formatted("ok", "false");
            for (String limit : List.of("0", "2049", "\"all\"")) {
                RawAnswer refused =
                        tryOut(gateway, body.replace("\"real\":true", "\"real\":true,\"max_tokens\":" + limit), "ann");
                assertThat(refused.status()).as(limit).isEqualTo(422);
                assertThat(error(refused).at("/problems/0/path").asText()).isEqualTo("max_tokens");
            }
            assertThat(error(tryOut(gateway, body.replace("Say hello.", "x".repeat(10_001)), "ann"))
                            .at("/problems/0/path")
                            .asText())
                    .isEqualTo("message");
            assertThat(error(tryOut(gateway, "{\"chain\":\"m\",\"max_tokens\":20}", "ann"))
                            .at("/problems/0/path")
                            .asText())
                    .isEqualTo("max_tokens");
            assertThat(gateway.upstreams()).allMatch(upstream -> upstream.connectionCount() == 0);
        }
    }

    @Test
    void eachAuthorHasOneRealCallAtATime() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (GatewayFixture gateway = start()) {
            gateway.one()
                    .answer(Reply.start().await(answered).send(Chats.answered("of one")))
                    .answerAlways(Chats.answered("again"));
            String body = REAL.formatted("ok", "false");
            RawCaller first = RawCaller.connect(gateway.port()).waitAtMost(SOON);
            first.send("POST /admin/v1/try HTTP/1.1\r\nHost: localhost\r\nunderstudy-author: ann\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body);
            gateway.one().take();

            RawAnswer second = tryOut(gateway, body, "ann");
            assertThat(second.status()).isEqualTo(429);
            assertThat(error(second).path("code").asText()).isEqualTo("too_many_tries");
            assertThat(AdminClient.json(tryOut(gateway, body, "bob"))
                            .path("text")
                            .asText())
                    .isEqualTo("again");

            answered.countDown();
            assertThat(AdminClient.json(first.readAnswer()).path("text").asText())
                    .isEqualTo("of one");
            first.close();
            assertThat(tryOut(gateway, body, "ann").status()).isEqualTo(200);
        } finally {
            answered.countDown();
        }
    }

    @Test
    void callEndsWhenTheBrowserLeaves() {
        try (GatewayFixture gateway = start()) {
            gateway.one().answerAlways(Reply.start().hold());
            String body = REAL.formatted("ok", "false");
            RawCaller browser = RawCaller.connect(gateway.port());
            browser.send("POST /admin/v1/try HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
            ReceivedRequest sent = gateway.one().take();
            browser.close();
            // Fails if the connection to the provider stays open.
            assertThat(sent.peerClosedNanos(SOON)).isGreaterThan(sent.arrivedNanos());
        }
    }

    @Test
    void configurationThatForbidsDrillsForbidsRealCalls() {
        String yaml = GatewayFixture.withProviders(MODELS).replace("drain: 0s", "drain: 0s, admin: {drills: off}");
        try (GatewayFixture gateway = GatewayFixture.startWith(yaml)) {
            RawAnswer refused = tryOut(gateway, REAL.formatted("down", "false"), "ann");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(error(refused).path("code").asText()).isEqualTo("drills_off");
            assertThat(tryOut(gateway, REAL.formatted("down", "false").replace(",\"real\":true", ""), "ann")
                            .status())
                    .isEqualTo(200);
            assertThat(gateway.upstreams()).allMatch(upstream -> upstream.connectionCount() == 0);
        }
    }
}
