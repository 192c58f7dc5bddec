package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reload of the configuration: all or nothing, at once for new calls, and never at the cost of a call. */
@Timeout(180)
class ReloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    void modelsProvidersAndKeysChangeAtOnceOnEveryEventLoop() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a]}}")) {
            gateway.one().answerAlways(Chats.answered("from one"));
            gateway.two().answerAlways(Chats.answered("from two"));
            assertThat(gateway.chat(Chats.ask("m")).body()).contains("from one");

            assertThat(get(gateway.reload("""
                    server: {port: 0, drain: 0s, keys: [let-me-in]}
                    providers: {second: {base-url: "${TWO}", api-key: another-key}}
                    models: {m: {targets: [second/b]}, n: {targets: [second/c]}}
                    """))).isEmpty();

            // More connections than event loops, so that each of them has some.
            for (int i = 0; i < 8; i++) {
                assertThat(gateway.chat(Chats.ask("m")).status()).isEqualTo(401);
                RawAnswer answer = gateway.chat(Chats.ask("m"), "Authorization: Bearer let-me-in");
                assertThat(answer.body()).contains("from two");
                assertThat(answer.header("understudy-target")).contains("second/b");
                assertThat(gateway.two().take().head()).contains("Bearer another-key");
            }
            assertThat(gateway.chat(Chats.ask("n"), "Authorization: Bearer let-me-in")
                            .status())
                    .isEqualTo(200);
            assertThat(gateway.chat(Chats.ask("one/a"), "Authorization: Bearer let-me-in")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void brokenFileIsReportedWholeAndLeavesTheFormerSettings() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a]}}")) {
            gateway.one().answerAlways(Chats.answered("from one"));

            assertThatThrownBy(() -> get(gateway.reload("""
                            server: {prot: 1}
                            providers: {two: {base-url: "${TWO}"}}
                            models: {m: {targets: [three/x]}}
                            """)))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            InvalidSettings.class,
                            broken -> assertThat(broken.problems())
                                    .extracting(Object::toString)
                                    .anyMatch(
                                            problem -> problem.startsWith("test.yaml:1: ") && problem.contains("prot"))
                                    .anyMatch(problem ->
                                            problem.startsWith("test.yaml:3: ") && problem.contains("three")));

            assertThat(gateway.chat(Chats.ask("m")).body()).contains("from one");
            assertThat(successful(gateway)).isEqualTo("0.0");
            get(gateway.reload(GatewayFixture.withProviders("models: {m: {targets: [one/b]}}")));
            assertThat(successful(gateway)).isEqualTo("1.0");
        }
    }

    private static String successful(GatewayFixture gateway) {
        String name = "understudy_config_last_reload_successful ";
        return gateway.caller()
                .get("/metrics")
                .readAnswer()
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse("absent");
    }

    @Test
    void runningStreamAndHalfSentRequestEndAsTheyBegan() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a], fallbacks: [two/b]}}")) {
            gateway.one()
                    .answer(Reply.eventStream()
                            .event(Chats.content("first"))
                            .await(goOn)
                            .event(Chats.content("last"))
                            .event(Chats.delta("{}", "\"stop\""))
                            .event("[DONE]")
                            .lastChunk())
                    .answerAlways(Chats.refused(503));
            gateway.two().answerAlways(Chats.answered("from two"));
            RawCaller streaming = gateway.caller().waitAtMost(PATIENCE).post(GatewayFixture.PATH, Chats.askStream("m"));
            assertThat(streaming.readHead().status()).isEqualTo(200);
            assertThat(streaming.readEvent()).isPresent();
            String body = Chats.ask("m");
            RawCaller slow = gateway.caller()
                    .waitAtMost(PATIENCE)
                    .send("POST " + GatewayFixture.PATH + " HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
                            + body.length() + "\r\n\r\n");
            assertThat(slow.readHead().status()).isEqualTo(100);

            get(gateway.reload("""
                    server: {port: 0, drain: 0s, keys: [let-me-in]}
                    providers: {three: {base-url: "${THREE}"}}
                    """));
            goOn.countDown();

            RawAnswer rest = streaming.readRest();
            assertThat(rest.end()).isEqualTo(End.COMPLETE);
            assertThat(rest.body()).contains("last").endsWith("data: [DONE]\n\n");
            RawAnswer second = slow.send(body).readAnswer();
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.body()).contains("from two");
        }
    }

    @Test
    void noCallFailsWhileTheConfigurationIsReloaded() throws Exception {
        String[] configurations = {
            "models: {m: {targets: [one/a], fallbacks: [two/b]}}",
            "models: {m: {targets: [two/b]}, other: {targets: [one/a]}}\ndefaults: {retry: {budget: 20%}, hedging: {budget: 5%}}"
        };
        AtomicBoolean over = new AtomicBoolean();
        try (GatewayFixture gateway = GatewayFixture.start(configurations[0]);
                ExecutorService callers = Executors.newFixedThreadPool(4)) {
            gateway.one().answerAlways(Chats.answered("from one"));
            gateway.two().answerAlways(Chats.answered("from two"));
            List<java.util.concurrent.Future<List<Integer>>> running = IntStream.range(0, 4)
                    .mapToObj(each -> callers.submit(() -> {
                        try (RawCaller caller = gateway.caller().waitAtMost(PATIENCE)) {
                            return Stream.generate(() -> caller.post(GatewayFixture.PATH, Chats.ask("m"))
                                            .readAnswer()
                                            .status())
                                    .takeWhile(status -> !over.get())
                                    .distinct()
                                    .toList();
                        }
                    }))
                    .toList();
            for (int i = 1; i <= 40; i++) {
                get(gateway.reload(GatewayFixture.withProviders(configurations[i % 2])));
                assertThat(gateway.chat(Chats.ask("m")).body()).contains(i % 2 == 0 ? "from one" : "from two");
            }
            over.set(true);
            for (java.util.concurrent.Future<List<Integer>> statuses : running) {
                assertThat(statuses.get()).isSubsetOf(200);
            }
        }
    }

    @Test
    void settingsThatNeedARestartAreNamedAndTheOthersApplied() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a]}}")) {
            gateway.one().answerAlways(Chats.answered("from one"));

            assertThat(get(gateway.reload("""
                            server: {host: 127.0.0.2, port: 1, admin: {port: 0, host: 127.0.0.3}, max-body: 2KB}
                            providers: {one: {base-url: "${ONE}", api-key: key-of-one}}
                            """)))
                    .containsExactly("server.host", "server.port", "server.admin.port", "server.admin.host");

            assertThat(gateway.chat(Chats.ask("one/a")).status()).isEqualTo(200);
            assertThat(gateway.chat(Chats.ask("one/a", "\"user\":\"" + "x".repeat(3_000) + "\""))
                            .status())
                    .isEqualTo(413);
            // The operator's pages are where they were.
            assertThat(gateway.caller().get("/metrics").readAnswer().status()).isEqualTo(200);
        }
    }

    @Test
    void circuitsOfChangedAccountsCloseAndOthersStayOpen() throws Exception {
        String models = "\nmodels: {m: {targets: [one/a, two/b, three/c]}}";
        String before = """
                server: {port: 0, drain: 0s}
                providers:
                  one: {base-url: "${ONE}", api-key: revoked}
                  two: {base-url: "${TWO}", api-key: revoked-too}
                  three: {base-url: "${THREE}"}
                """ + models;
        try (GatewayFixture gateway = GatewayFixture.startWith(before)) {
            gateway.one()
                    .answerWith(request ->
                            request.head().contains("Bearer fresh") ? Chats.answered("from one") : Chats.refused(401));
            gateway.two().answerAlways(Chats.refused(401));
            gateway.three().answerAlways(Chats.answered("from three"));
            assertThat(gateway.chat(Chats.ask("m")).body()).contains("from three");
            RawAnswer skipped = gateway.chat(Chats.ask("m"));
            assertThat(skipped.header("understudy-attempts")).contains("1");

            get(gateway.reload(before.replace("api-key: revoked}", "api-key: fresh}")));

            assertThat(gateway.chat(Chats.ask("m")).body()).contains("from one");
            gateway.one().answerWith(request -> Chats.refused(500));
            int triedBefore = gateway.two().requestCount();
            assertThat(gateway.chat(Chats.ask("m")).body()).contains("from three");
            assertThat(gateway.two().requestCount()).isEqualTo(triedBefore);
        }
    }

    @Test
    void storedResponseIsRequestedWithTheNewKey() throws Exception {
        String before = """
                server: {port: 0, drain: 0s}
                providers:
                  one: {base-url: "${ONE}", api-key: old-key, responses: true}
                  two: {base-url: "${TWO}", api-key: key-of-two, responses: true}
                """;
        String response = "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"model\":\"m\",\"status\":"
                + "\"completed\",\"output\":[{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"status\":"
                + "\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\"hi\",\"annotations\":[]}]}]}";
        try (GatewayFixture gateway = GatewayFixture.startWith(before)) {
            gateway.one().answerAlways(Reply.json(200, response));
            RawAnswer answer = gateway.caller()
                    .waitAtMost(PATIENCE)
                    .post("/v1/responses", "{\"model\":\"one/m\",\"input\":\"Hello\"}")
                    .readAnswer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(gateway.one().take().head()).contains("Bearer old-key");

            get(gateway.reload(before.replace("old-key", "new-key")));

            RawAnswer stored = gateway.caller()
                    .waitAtMost(PATIENCE)
                    .get("/v1/responses/resp_1")
                    .readAnswer();
            assertThat(stored.status()).isEqualTo(200);
            assertThat(gateway.one().take().head()).contains("Bearer new-key");
        }
    }

    @Test
    void rehearsalProviderStartsWhenItIsConfigured() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start("models: {m: {targets: [one/a]}}")) {
            get(gateway.reload("""
                    server: {port: 0, drain: 0s}
                    providers: {rehearsal: {}}
                    """));
            assertThat(gateway.chat(Chats.ask("rehearsal/ok")).status()).isEqualTo(200);
        }
    }
}
