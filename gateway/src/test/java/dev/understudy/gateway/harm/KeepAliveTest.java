package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.crossing.ClientDialect;
import dev.understudy.gateway.crossing.ParsedFrame;
import dev.understudy.gateway.wire.GatewayFixture;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Callers that wait receive keep-alive events in their own dialect, before and after the first content. */
@Timeout(120)
class KeepAliveTest {
    private static final JsonObject NOT_LOGGED = new JsonObject();
    private static final Duration INTERVAL = Scale.of(10);
    /** For a machine that is busy with other things. */
    private static final Duration SLACK = Scale.of(6);

    @BeforeAll
    static void warmUp() throws Exception {
        WorldRun.warmUp();
    }

    private static World first(String id, Script before) {
        return World.streamed(id, false, words -> before.says(words).ends());
    }

    static List<World> beforeTheFirstContent() {
        return List.of(
                first("without-a-byte", Script.start().waits(35).head().begin()),
                first("headers", Script.start().head().waits(35).begin()),
                first("pings", Script.begun().ping().pings(35, 5)),
                first("many-pings", Script.begun().ping().pings(35, 1)));
    }

    @ParameterizedTest
    @MethodSource("beforeTheFirstContent")
    void waitingCallerGetsAKeepAliveAtTheInterval(World world) throws Exception {
        for (Outcome.Call call : calls(world)) {
            Listened listened = call.listened();
            assertThat(Outcome.of(call, NOT_LOGGED).harm()).isEmpty();
            assertThat(listened.headAt())
                    .as("%s: headers", call)
                    .isBetween(INTERVAL.minus(SLACK), INTERVAL.plus(SLACK));
            int signs = signsBeforeContent(call);
            if (hasSign(call.caller())) {
                // At 10, 20 and 30 s: never as many as the provider sent, and never in one lump.
                assertThat(signs).as("%s: %s", call, listened.arrivals()).isBetween(2, 4);
                assertThat(listened.longestSilence()).as("%s", call).isLessThan(INTERVAL.plus(SLACK));
                assertThat(listened.arrivals())
                        .as("%s: not one lump", call)
                        .noneMatch(arrival -> count(call.caller(), arrival.text()) > 1);
            } else {
                assertThat(signs).as("%s: %s", call, listened.arrivals()).isZero();
            }
            assertTrailAtTheEnd(call);
        }
    }

    static List<World> afterTheFirstContent() {
        return List.of(World.streamed(
                "pause",
                false,
                words -> Script.begun()
                        .says(words.subList(0, 2))
                        .waits(35)
                        .says(words.subList(2, words.size()))
                        .ends()));
    }

    @ParameterizedTest
    @MethodSource("afterTheFirstContent")
    void soIsOneWhoHasTheBeginning(World world) throws Exception {
        for (Outcome.Call call : calls(world)) {
            assertThat(Outcome.of(call, NOT_LOGGED).harm()).isEmpty();
            if (hasSign(call.caller())) {
                assertThat(call.listened().longestSilence()).as("%s", call).isLessThan(INTERVAL.plus(SLACK));
                assertThat(count(call.caller(), call.listened().answer().body()))
                        .as("%s", call)
                        .isBetween(2, 5);
            }
        }
    }

    private static boolean hasSign(ClientDialect caller) {
        return switch (caller) {
            case CHAT, RESPONSES, MESSAGES -> true;
            case GEMINI, GEMINI_ARRAY, CONVERSE -> false;
        };
    }

    private static int signsBeforeContent(Outcome.Call call) {
        String body = call.listened().answer().body();
        int content = body.indexOf(World.PRIMARY);
        return count(call.caller(), body.substring(0, content));
    }

    /** Signs of life in a piece of a stream, in the caller's own form. */
    private static int count(ClientDialect caller, String text) {
        return switch (caller) {
            case CHAT, RESPONSES -> count("(?m)^:(?! understudy).*$", text);
            case MESSAGES -> count("(?m)^event: ping$", text);
            case GEMINI, GEMINI_ARRAY -> count("(?m)^:.*$", text);
            // Frames of bytes: one that is no part of an answer would break its grammar.
            case CONVERSE -> 0;
        };
    }

    private static int count(String sign, String text) {
        return (int) Pattern.compile(sign).matcher(text).results().count();
    }

    /** Its headers went out before it was known which target answers. */
    private static void assertTrailAtTheEnd(Outcome.Call call) {
        String body = call.listened().answer().body();
        String end = body.substring(body.indexOf(World.PRIMARY));
        if (hasSign(call.caller())) {
            assertThat(end)
                    .as("%s", call)
                    .contains("understudy", "p-" + call.target().label());
        }
        List<ParsedFrame> frames = call.caller().frames(call.listened().answer());
        assertThat(frames.stream().map(ParsedFrame::data).collect(Collectors.joining()))
                .contains(World.PRIMARY + "12");
    }

    private static List<Outcome.Call> calls(World world) throws Exception {
        List<Future<Outcome.Call>> calls = new ArrayList<>();
        try (GatewayFixture gateway = Chain.ALONE.start(Scale.defaults(), world);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (UpstreamApi target : world.targets()) {
                for (ClientDialect caller : ClientDialect.values()) {
                    calls.add(callers.submit(() -> WorldRun.call(gateway, world, target, caller)));
                }
            }
            List<Outcome.Call> all = new ArrayList<>();
            for (Future<Outcome.Call> call : calls) {
                all.add(call.get());
            }
            return all;
        }
    }
}
