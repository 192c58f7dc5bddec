package dev.understudy.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ten thousand callers whose keys are refused, twenty thousand invented names of models, a thousand idle connections, slow heads and
 * slow bodies: health, plans and usual times of a caller who does nothing wrong are learned and kept as before.
 */
@Tag("attack")
@Timeout(300)
@SuppressWarnings("ReferenceEquality") // A plan that is equal may have been made anew.
class ManyCallersTest {
    private static final int REFUSED_KEYS = 10_000;
    private static final int INVENTED_NAMES = 20_000;
    private static final int IDLE = 1_000;
    private static final int SLOW = 100;
    private static final int CONNECTIONS = 8;

    private static final String CHAT = "/v1/chat/completions";
    private static final String PROMPT = ",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
    private static final String GOOD = "{\"model\":\"chain\"" + PROMPT + "}";

    private final List<RawCaller> open = new ArrayList<>();
    private final AccessLog log = AccessLog.to(OutputStream.nullOutputStream());
    private volatile boolean goodModelFails;
    private ScriptedUpstream upstream;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = ScriptedUpstream.start().answerWith(this::reply);
        Environment environment = Environment.of(Map.of());
        Settings settings = new SettingsReader(environment).read("test.yaml", """
                server: {port: 0, drain: 0s}
                providers:
                  one: {base-url: "%1$s", api-key: key-of-one}
                  two: {base-url: "%1$s", api-key: key-of-two}
                models:
                  chain: {targets: [one/good, two/other]}
                """.formatted(upstream.baseUrl()));
        gateway = Gateway.start(settings, log, environment)
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        open.forEach(RawCaller::close);
        gateway.stop().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        log.close();
        upstream.close();
    }

    private Reply reply(ReceivedRequest request) {
        if (request.head().toLowerCase(Locale.ROOT).contains("bearer refused-")) {
            return Reply.json(401, "{\"error\":{\"message\":\"no such key\",\"code\":\"invalid_api_key\"}}");
        }
        if (request.body().contains("\"invented-")) {
            return Reply.json(404, "{\"error\":{\"message\":\"no such model\",\"code\":\"model_not_found\"}}");
        }
        if (goodModelFails && request.body().contains("\"good\"")) {
            return Reply.json(500, "{\"error\":{\"message\":\"broken\"}}");
        }
        return Reply.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}");
    }

    private RawCaller caller() {
        return RawCaller.connect(gateway.port()).waitAtMost(Duration.ofSeconds(120));
    }

    private RawAnswer call(String body) {
        try (RawCaller caller = caller()) {
            return caller.post(CHAT, body).readAnswer();
        }
    }

    private RawAnswer goodCall() {
        RawAnswer answer = call(GOOD);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer;
    }

    /** The plan that a call of the good caller has. */
    private PlannedCall plan() throws Exception {
        CallerRequest request = CallerRequest.read(Api.CHAT.dialect(), GOOD.getBytes(UTF_8));
        return gateway.planner().plan(Api.CHAT, request, FallbackOptions.NONE, "");
    }

    private JsonNode health(String target) throws Exception {
        try (RawCaller caller = caller()) {
            String page = caller.get("/admin/v1/health").readAnswer().body();
            for (JsonNode each : new JsonMapper().readTree(page).path("targets")) {
                if (each.path("target").asText().equals(target)
                        && !each.path("callers_key").asBoolean()) {
                    return each;
                }
            }
        }
        throw new AssertionError("no " + target);
    }

    private long samples(String target) throws Exception {
        return health(target).path("answer").path("samples").asLong();
    }

    /** Makes calls over a few connections. One in a hundred is the good caller's. */
    private void flood(int calls, int status, IntFunction<String> body) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> floods = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int first = i;
                floods.add(callers.submit(() -> {
                    try (RawCaller caller = caller()) {
                        for (int each = first; each < calls; each += CONNECTIONS) {
                            RawAnswer answer =
                                    caller.post(CHAT, body.apply(each)).readAnswer();
                            assertThat(answer.status()).as("%s", answer).isEqualTo(status);
                            if (each % 100 == 0) {
                                goodCall();
                            }
                        }
                    }
                }));
            }
            for (Future<?> each : floods) {
                each.get(240, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void leaveHealthPlansAndUsualTimesOfAGoodCallerAsTheyWere() throws Exception {
        IntStream.range(0, 30).forEach(i -> goodCall());
        PlannedCall plan = plan();
        long learned = samples("one/good");
        assertThat(learned).isPositive();

        for (int i = 0; i < IDLE; i++) {
            open.add(caller());
        }
        for (int i = 0; i < SLOW; i++) {
            open.add(caller().send("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nX-A: "));
            open.add(caller().send("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"model\":"));
        }
        flood(
                REFUSED_KEYS,
                502,
                i -> "{\"model\":\"one/good\",\"customer_credentials\":{\"one\":{\"api_key\":\"refused-" + i + "\"}}"
                        + PROMPT + "}");
        flood(INVENTED_NAMES, 404, i -> "{\"model\":\"one/invented-" + i + "\"" + PROMPT + "}");

        // Plans.
        assertThat(plan() == plan).as("the plan is the same object").isTrue();
        // Usual times: of a target that was known before, and of one that is new.
        assertThat(samples("one/good")).isGreaterThanOrEqualTo(learned);
        for (int i = 0; i < 20; i++) {
            assertThat(goodCall().header("understudy-target")).contains("one/good");
            assertThat(call("{\"model\":\"two/late\"" + PROMPT + "}").status()).isEqualTo(200);
        }
        assertThat(samples("one/good")).isGreaterThan(learned);
        assertThat(samples("two/late")).isGreaterThanOrEqualTo(10);
        // Health: nothing of the flood counts against the target, and its own failures do.
        assertThat(health("one/good").path("state").asText()).isEqualTo("ready");
        assertThat(health("one/good").path("success_rate").asDouble()).isEqualTo(1);
        goodModelFails = true;
        RawAnswer skipping = goodCall();
        for (int i = 0; i < 20 && !trail(skipping).contains("passed_over"); i++) {
            skipping = goodCall();
        }
        assertThat(trail(skipping)).contains("\"one/good\";outcome=passed_over", "\"two/other\";outcome=ok");
        assertThat(health("one/good").path("state").asText()).isEqualTo("cooling");
    }

    private static String trail(RawAnswer answer) {
        return answer.header("understudy-trail").orElse("");
    }
}
