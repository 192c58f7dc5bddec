package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.crossing.ParsedAnswer;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who do not read for a while, and APIs whose answers take their time. */
@Timeout(180)
class SlowReadersAndImagesTest {
    private static final String IMAGE = "{\"created\":1,\"data\":[{\"b64_json\":\"QUJD\"}]}";
    private static final String OTHER_IMAGE = "{\"created\":2,\"data\":[{\"b64_json\":\"REVG\"}]}";
    private static final String REQUEST = "{\"model\":\"m\",\"prompt\":\"a cat\"}";

    @BeforeAll
    static void warmUp() throws Exception {
        WorldRun.warmUp();
    }

    /** More than the buffers on the way hold. */
    private static final List<String> FLOOD = Collections.nCopies(1_000, "x".repeat(8_000));

    @Test
    void callersMayRestForHalfAMinute() {
        // One after the other: to translate eight megabytes for each of them at once makes a small machine late.
        for (UpstreamApi api : UpstreamApi.values()) {
            // A machine that is late for a moment makes the first content late, at these scaled times; twice more is no
            // moment.
            for (int run = 1; restAndRead(api) > 0; run++) {
                assertThat(run).as("runs with a needless attempt, %s", api).isLessThan(3);
            }
        }
    }

    /** @return how many attempts were needless */
    private static int restAndRead(UpstreamApi api) {
        World world = World.streamed(
                "flood",
                true,
                words -> Script.begun().says(List.of(World.PRIMARY)).says(FLOOD).ends());
        try (GatewayFixture gateway = Chain.FAST_FALLBACK.start(Scale.defaults(), world)) {
            String model = Chain.model(api, world);
            try (RawCaller caller =
                    RawCaller.connectWithLittleRoom(gateway.port()).waitAtMost(Duration.ofMinutes(2))) {
                caller.post(api.caller().path(model, true), Question.body(api.caller(), model, world));
                RawAnswer answer = Listened.to(caller, Scale.of(30)).answer();
                ParsedAnswer parsed = ParsedAnswer.of(api.caller(), true, answer);
                assertThat(parsed.failures()).isEmpty();
                assertThat(parsed.ends()).isOne();
                assertThat(parsed.text()).hasSize(World.PRIMARY.length() + 8_000_000);
            }
            assertThat(gateway.log(1).getFirst()).contains("\"target\":\"p-" + api.label() + "/flood\"");
            return gateway.two().requestCount();
        }
    }

    @Test
    void imagesMayTakeAMinute() throws Exception {
        all(Chain.values(), SlowReadersAndImagesTest::draw);
    }

    private static void draw(Chain chain) {
        String behind = chain == Chain.REFUSING_FALLBACK
                ? "http://127.0.0.1:" + ScriptedUpstream.unusedPort() + "/v1"
                : "${TWO}";
        String targets = chain == Chain.ALONE ? "one/a" : "one/a, two/b";
        try (GatewayFixture gateway =
                GatewayFixture.startWith("server: {host: 127.0.0.1, port: 0, drain: 0s}\nproviders:\n"
                        + "  one: {base-url: \"${ONE}\"}\n  two: {base-url: \"" + behind + "\"}\n" + Scale.defaults()
                        + "models: {m: {targets: [" + targets + "]}}\n")) {
            Reply slow = Reply.start().pause(Scale.of(55));
            gateway.one().answerAlways(slow.send(Reply.json(200, IMAGE)));
            gateway.two()
                    .answerAlways(
                            switch (chain) {
                                case SLOW_FALLBACK -> slow.send(Reply.json(200, OTHER_IMAGE));
                                case FAILING_FALLBACK -> Reply.json(503, "{}");
                                default -> Reply.json(200, OTHER_IMAGE);
                            });
            try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofMinutes(2))) {
                RawAnswer answer =
                        caller.post("/v1/images/generations", REQUEST).readAnswer();
                assertThat(answer.status()).as("%s", answer).isEqualTo(200);
                assertThat(answer.body()).isIn(IMAGE, OTHER_IMAGE);
            }
        }
    }

    /** At the same time, since they only wait. */
    private static <T> void all(T[] cases, Consumer<T> test) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (T each : cases) {
                running.add(threads.submit(() -> test.accept(each)));
            }
        }
        for (Future<?> each : running) {
            each.get();
        }
    }
}
