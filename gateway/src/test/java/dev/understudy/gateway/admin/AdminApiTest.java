package dev.understudy.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.drill.Drills;
import dev.understudy.gateway.simulate.Simulations;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.store.CallRecords;
import dev.understudy.store.Store;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the admin API says of calls and of itself, and that it costs no call anything. */
@Timeout(180)
class AdminApiTest {
    private static final String MODELS = "models: {m: {targets: [one/a, two/b]}}";
    private static final String ASK = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String ANSWER = "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\","
            + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}";

    @TempDir
    private Path folder;

    private static void written(GatewayFixture gateway) throws InterruptedException {
        assertThat(gateway.store().calls().awaitWritten(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void callsAreKeptWithTheirTrailAndASentence() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            gateway.one().answerAlways(Reply.json(503, "{\"error\":{\"message\":\"down\"}}"));
            gateway.two().answerAlways(Reply.json(200, ANSWER));
            String id = gateway.chat(ASK).header("understudy-call-id").orElseThrow();
            gateway.chat(ASK.replace("\"m\"", "\"two/b\""));
            gateway.chat(ASK, "op-log-request: false");
            AdminClient admin = new AdminClient(gateway.port());
            gateway.log(2);
            written(gateway);

            JsonNode rescued = admin.json("/calls?rescued=true").path("calls");
            assertThat(rescued.findValuesAsText("id")).contains(id);
            JsonNode call = admin.json("/calls/" + id);
            assertThat(call.path("ending").asText()).isEqualTo("answered");
            assertThat(call.path("target").asText()).isEqualTo("two/b");
            assertThat(call.path("completion_tokens").asInt()).isEqualTo(2);
            JsonNode fallback = call.path("trail").get(call.path("trail").size() - 1);
            assertThat(fallback.path("kind").asText()).isEqualTo("fallback");
            assertThat(fallback.path("start_ms").asLong())
                    .isBetween(0L, call.path("ms").asLong());
            assertThat(call.at("/trail/0/message").asText()).contains("down");
            assertThat(call.path("summary").asText()).contains("one/a failed", "two/b answered");
            assertThat(admin.json("/calls").path("calls").size())
                    .as("one opted out")
                    .isEqualTo(2);
            assertThat(admin.json("/calls?model=two/b").path("calls").size()).isEqualTo(1);
            assertThat(admin.json("/calls?limit=1").path("next").isTextual()).isTrue();
            assertThat(admin.get("/calls?limit=0").status()).isEqualTo(400);
            assertThat(admin.get("/calls?before=x").status()).isEqualTo(400);
            assertThat(admin.get("/calls/none").status()).isEqualTo(404);
            JsonNode overview = admin.json("/overview?minutes=5");
            assertThat(overview.path("rescued").asInt()).isPositive();
            assertThat(overview.at("/log/state").asText()).isEqualTo("ok");
        }
    }

    @Test
    void eventsTellOfCallsAndSettings() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS);
                RawCaller reader = RawCaller.connect(gateway.port()).waitAtMost(Duration.ofSeconds(60))) {
            gateway.one().answerAlways(Reply.json(200, ANSWER));
            reader.send("GET /admin/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(reader.readHead().status()).isEqualTo(200);
            assertThat(eventWith(reader, "event: health")).contains("\"targets\"");

            String id = gateway.chat(ASK).header("understudy-call-id").orElseThrow();
            assertThat(eventWith(reader, "event: call")).contains(id, "\"attempts\":1");

            new AdminClient(gateway.port()).change("PUT", "/chains/m", "{\"targets\":[\"two/b\"]}", 0);
            assertThat(eventWith(reader, "event: settings")).contains("{\"version\":1}");
        }
    }

    private static String eventWith(RawCaller reader, String text) throws Exception {
        while (true) {
            String event = reader.readEvent().orElseThrow(() -> new AssertionError("no " + text));
            if (event.contains(text)) {
                return event;
            }
        }
    }

    @Test
    void readersOfEventsAreLimitedAndDoNotHoldUpAStop() throws Exception {
        List<RawCaller> readers = new ArrayList<>();
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            for (int i = 0; i < AdminEvents.MOST_READERS; i++) {
                RawCaller reader = RawCaller.connect(gateway.port()).waitAtMost(Duration.ofSeconds(60));
                readers.add(reader.send("GET /admin/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                assertThat(reader.readHead().status()).isEqualTo(200);
            }
            assertThat(new AdminClient(gateway.port()).get("/events").status()).isEqualTo(503);
        }
        for (RawCaller reader : readers) {
            reader.close();
        }
    }

    @Test
    void callIsTriedOutWithoutAnyRequestToAProvider() {
        // The call that fails is retried until the deadline.
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS + "\ndefaults: {deadline: 5s}\n")) {
            AdminClient admin = new AdminClient(gateway.port());
            String health = admin.json("/health").path("targets").toString();

            JsonNode rescued = AdminClient.json(admin.send(
                    "POST",
                    "/try",
                    "{\"chain\":\"m\",\"faults\":{\"one/a\":\"down\"},\"message\":\"Count.\",\"stream\":true}"));

            assertThat(rescued.path("status").asInt()).isEqualTo(200);
            assertThat(rescued.path("text").asText()).isNotBlank();
            assertThat(rescued.at("/call/target").asText()).isEqualTo("two/b");
            assertThat(rescued.at("/call/trail").findValuesAsText("target"))
                    .startsWith("one/a")
                    .endsWith("two/b");
            assertThat(rescued.at("/call/summary").asText())
                    .contains("one/a failed")
                    .contains("two/b answered");

            JsonNode continued = AdminClient.json(admin.send(
                    "POST", "/try", "{\"targets\":[\"three/c\",\"two/b\"],\"faults\":{\"three/c\":\"cut\"}}"));
            assertThat(continued.at("/call/trail").findValuesAsText("kind")).contains("continuation");

            JsonNode failed = AdminClient.json(admin.send(
                    "POST",
                    "/try",
                    "{\"chain\":\"m\",\"faults\":{\"one/a\":\"down\",\"two/b\":\"throttled\"},\"stream\":false}"));
            assertThat(failed.at("/call/ending").asText()).isEqualTo("failed");
            assertThat(failed.path("text").asText()).isNotBlank();

            assertThat(admin.send("POST", "/try", "{\"chain\":\"unknown\"}").status())
                    .isEqualTo(422);
            assertThat(admin.send("POST", "/try", "{\"targets\":[\"four/x\"]}").status())
                    .isEqualTo(422);
            assertThat(admin.send("POST", "/try", "{\"chain\":\"m\",\"faults\":{\"one/a\":\"odd\"}}")
                            .status())
                    .isEqualTo(422);
            assertThat(gateway.upstreams()).allMatch(upstream -> upstream.connectionCount() == 0);
            assertThat(admin.json("/health").path("targets").toString()).isEqualTo(health);
            assertThat(admin.json("/overview").path("calls").asInt()).isZero();
        }
    }

    @Test
    void stalledStoreChangesNothingForCallers() {
        CountDownLatch stalled = new CountDownLatch(1);
        Store real = Stores.open(StoreOptions.in(folder));
        try (GatewayFixture gateway =
                GatewayFixture.startIn(folder, GatewayFixture.withProviders(MODELS), stalling(real, stalled))) {
            gateway.one().answerAlways(Reply.json(200, ANSWER));
            List<RawCaller> waiting = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                waiting.add(RawCaller.connect(gateway.port())
                        .send("GET /admin/v1/calls HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(gateway.chat(ASK).status()).isEqualTo(200);
            }
            stalled.countDown();
            // Two ran, 64 waited, and what was more was refused, in whatever order the event loops took them.
            List<Integer> statuses = waiting.stream()
                    .map(each -> each.waitAtMost(Duration.ofSeconds(60)).readAnswer())
                    .map(RawAnswer::status)
                    .toList();
            assertThat(statuses).containsOnly(200, 503);
            assertThat(statuses).filteredOn(status -> status == 503).hasSizeBetween(1, 14);
            waiting.forEach(RawCaller::close);
        } finally {
            stalled.countDown();
        }
    }

    /** A store whose reads wait, as when its disk does not answer. */
    private static Store stalling(Store real, CountDownLatch end) {
        CallRecords records = (CallRecords) Proxy.newProxyInstance(
                AdminApiTest.class.getClassLoader(), new Class<?>[] {CallRecords.class}, (self, method, arguments) -> {
                    if (method.getName().equals("find")) {
                        end.await();
                    }
                    return method.invoke(real.calls(), arguments);
                });
        return (Store) Proxy.newProxyInstance(
                AdminApiTest.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (self, method, arguments) ->
                        method.getName().equals("calls") ? records : method.invoke(real, arguments));
    }

    @Test
    void everyPathNeedsTheAdminKeyButTheConsolesFiles() {
        String yaml =
                GatewayFixture.withProviders(MODELS).replace("drain: 0s", "drain: 0s, admin: {key: the-admin-key}");
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, yaml, Stores.open(StoreOptions.in(folder)))) {
            AdminClient admin = new AdminClient(gateway.port());
            for (AdminApi.Operation operation : api().operations()) {
                String path = operation.path().replace("/admin/v1", "").replaceAll("\\{[a-z]+}", "1");
                assertThat(admin.send(operation.method(), path, "{}").status())
                        .as(path)
                        .isEqualTo(401);
            }
            for (String path : new String[] {"/events", "/health"}) {
                assertThat(admin.get(path).status()).isEqualTo(401);
            }
            assertThat(admin.send("POST", "/try", "{}").status()).isEqualTo(401);
            assertThat(admin.send("POST", "/providers/one/test", "").status()).isEqualTo(401);
            assertThat(admin.send("GET", "/chains", "", "Authorization: Bearer the-admin-key")
                            .status())
                    .isEqualTo(200);
            assertThat(console(gateway, "/console/nothing.js").status()).isEqualTo(404);
        }
    }

    @Test
    void webPagesOfOthersReachNoPath() {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            assertThat(admin.send("GET", "/chains", "", "Origin: http://evil.example")
                            .status())
                    .isEqualTo(403);
            assertThat(admin.send("POST", "/try", "{\"chain\":\"m\"}", "Sec-Fetch-Site: cross-site")
                            .status())
                    .isEqualTo(403);
            assertThat(admin.send(
                                    "GET",
                                    "/calls",
                                    "",
                                    "Origin: http://localhost:" + gateway.port(),
                                    "Sec-Fetch-Site: same-origin")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void consolesFilesHaveStrictHeadersAndNoOtherFileIsServed() {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            RawAnswer page = console(gateway, "/console/test-page.html");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("A page for a test");
            assertThat(page.header("content-security-policy").orElse(""))
                    .startsWith("default-src 'none'; script-src 'self'")
                    .contains("frame-ancestors 'none'");
            assertThat(page.header("content-type")).contains("text/html; charset=utf-8");
            String tag = page.header("etag").orElseThrow();
            assertThat(console(gateway, "/console/test-page.html", "If-None-Match: " + tag)
                            .status())
                    .isEqualTo(304);
            assertThat(console(gateway, "/console").header("location")).contains("/console/");
            for (String path : new String[] {
                "/console/../gateway/admin/openapi.json",
                "/console/..%2fgateway/admin/openapi.json",
                "/console//etc/passwd",
                "/console/test-page.html/",
                "/console/%2e%2e/AdminApi.class"
            }) {
                assertThat(console(gateway, path).status()).as(path).isEqualTo(404);
            }
        }
    }

    private static RawAnswer console(GatewayFixture gateway, String path, String... headers) {
        try (RawCaller caller = RawCaller.connect(gateway.port())) {
            String lines = Stream.of(headers).map(line -> line + "\r\n").reduce("", String::concat);
            return caller.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n")
                    .readAnswer();
        }
    }

    @Test
    void openApiDocumentHasThePathsAndMethodsThatAreServed() {
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, MODELS)) {
            AdminClient admin = new AdminClient(gateway.port());
            JsonNode document = admin.json("/openapi.json");
            TreeSet<String> described = new TreeSet<>();
            document.path("paths")
                    .properties()
                    .forEach(path -> path.getValue()
                            .fieldNames()
                            .forEachRemaining(
                                    method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
            TreeSet<String> served = new TreeSet<>(List.of(
                    "GET /admin/v1/health",
                    "POST /admin/v1/health/reset",
                    "GET /admin/v1/events",
                    "POST /admin/v1/providers/{name}/test",
                    "POST /admin/v1/try"));
            api().operations().forEach(operation -> served.add(operation.method() + " " + operation.path()));
            assertThat(described).isEqualTo(served);
            assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
            document.findValuesAsText("$ref")
                    .forEach(reference -> assertThat(
                                    document.at(reference.substring(1)).isMissingNode())
                            .as(reference)
                            .isFalse());
            assertThat(admin.send("PATCH", "/chains", "{}").status()).isEqualTo(405);
            assertThat(admin.get("/nothing").status()).isEqualTo(404);
        }
    }

    @Test
    void modelsAreThoseOfTheConfigurationAndOfTheTable() {
        String yaml = GatewayFixture.withProviders(MODELS)
                .replace("  one:", "  openai: {base-url: \"${THREE}\", api-key: k}\n  one:");
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, yaml, Stores.open(StoreOptions.in(folder)))) {
            JsonNode models = new AdminClient(gateway.port()).json("/models").path("models");
            assertThat(models.findValuesAsText("name")).contains("one/a", "two/b", "openai/gpt-5.1");
            assertThat(models.findValuesAsText("provider")).contains("openai");
        }
    }

    @Test
    void gatewayWithoutAStoreSaysSoAndServesCalls() {
        try (GatewayFixture gateway = GatewayFixture.startFixed(MODELS)) {
            gateway.one().answerAlways(Reply.json(200, ANSWER));
            assertThat(gateway.chat(ASK).status()).isEqualTo(200);
            AdminClient admin = new AdminClient(gateway.port());
            assertThat(admin.get("/chains").status()).isEqualTo(503);
            assertThat(AdminClient.json(admin.get("/calls")).at("/error/code").asText())
                    .isEqualTo("store_unavailable");
            assertThat(admin.json("/overview").at("/log/state").asText()).isEqualTo("unavailable");
        }
    }

    /** The operations of every gateway; none is carried out. */
    private static AdminApi api() {
        RuntimeSettings fixed = RuntimeSettings.fixed(settings());
        RunningConfiguration none = (RunningConfiguration) Proxy.newProxyInstance(
                AdminApiTest.class.getClassLoader(),
                new Class<?>[] {RunningConfiguration.class},
                (self, method, arguments) -> fail("a list of operations needs no configuration"));
        SharedState shared = SharedState.ofDefaults();
        Drills drills = new Drills(Drills.Surroundings.ofSystem(shared::health, SharedState::ofDefaults, () -> false));
        return new AdminApi()
                .and(new ChainApi(fixed).operations())
                .and(new SettingsApi(fixed).operations())
                .and(new CallApi(fixed).operations())
                .and(new KeyApi(fixed, RuntimeKeys.open(fixed), none).operations())
                .and(new ProviderApi(fixed, none).operations())
                .and(new PriceApi(fixed).operations())
                .and(new DrillApi(drills, Set::of, () -> Future.failedFuture("it is not started")).operations())
                .and(new SimulateApi(new Simulations(), () -> {
                            throw new AssertionError("nothing is simulated");
                        })
                        .operations())
                .and(new HealthSampler(Optional.empty(), "", Map::of).operations());
    }

    private static Settings settings() {
        try {
            return new SettingsReader(name -> Optional.empty()).read("test.yaml", "providers: {rehearsal: {}}");
        } catch (InvalidSettings impossible) {
            throw new AssertionError(impossible);
        }
    }
}
