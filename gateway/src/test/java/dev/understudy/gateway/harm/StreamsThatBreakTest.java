package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.crossing.ClientDialect;
import dev.understudy.gateway.crossing.ParsedAnswer;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams that break or stall where that used to end the call: during reasoning, inside tool calls, inside JSON, and
 * without breaking at all. Callers of every dialect get one whole answer.
 */
@Timeout(120)
class StreamsThatBreakTest {
    private static final String OBJECT = "{\"items\":[\"alpha\",\"beta\",\"gamma\"]}";
    private static final String BEGUN = "{\"items\":[\"alpha\",\"be";

    private static World breaking(String id, boolean tool, Function<List<String>, Script> primary) {
        World world = tool
                ? World.toolCall(
                        id,
                        arguments ->
                                Script.begun().toolCall().arguments(arguments).ends())
                : World.streamed(id, false, words -> Script.begun().says(words).ends());
        return world.withPrimary(primary);
    }

    static List<World> breaks() {
        return List.of(
                breaking(
                        "reasoning-cut-at-once",
                        false,
                        words -> Script.begun().reasons(0.2, 0.1).closes()),
                breaking(
                        "reasoning-cut-when-forwarded",
                        false,
                        words -> Script.begun().reasons(3, 1).closes()),
                breaking(
                        "tool-cut",
                        true,
                        arguments -> Script.begun()
                                .toolCall()
                                .arguments(arguments.subList(0, 2))
                                .waits(1)
                                .closes()),
                breaking(
                        "reasoning-then-tool-cut",
                        true,
                        arguments -> Script.begun()
                                .reasons(2, 1)
                                .toolCall()
                                .arguments(arguments.subList(0, 1))
                                .waits(1)
                                .closes()),
                breaking(
                                "tool-cut-after-text",
                                false,
                                words -> Script.begun()
                                        .says(beginningOf(words))
                                        .waits(1)
                                        .toolCall()
                                        .arguments(List.of("{\"ci"))
                                        .waits(1)
                                        .closes())
                        .offeringTools(),
                breaking(
                        "stall-after-text",
                        false,
                        words -> Script.begun().says(beginningOf(words)).holds()),
                breaking(
                        "stall-in-reasoning",
                        false,
                        words -> Script.begun().reasons(3, 1).holds()),
                breaking("hung-without-a-byte", false, words -> Script.start().holds()),
                breaking("hung-after-headers", false, words -> Script.begun().holds()));
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void anotherTargetMakesTheAnswerWhole(World world) throws Exception {
        try (GatewayFixture gateway = Chain.FAST_FALLBACK.start(Scale.forgetfulDefaults(), world)) {
            List<Outcome> outcomes = WorldRun.of(gateway, world);
            assertThat(outcomes).extracting(Outcome::harm).containsOnly("");
            assertThat(outcomes).noneMatch(Outcome::byPrimary);
        }
    }

    /** A continuation of what was begun may have fewer words. */
    private static List<String> beginningOf(List<String> words) {
        return words.subList(0, Math.min(4, words.size()));
    }

    static List<World> resumptions() {
        return List.of(World.streamed(
                        "stalls-and-goes-on",
                        false,
                        words -> Script.begun().waits(6).says(words).ends())
                .withPrimary(words -> Script.begun()
                        .says(beginningOf(words))
                        .waits(12)
                        .says(words.subList(beginningOf(words).size(), words.size()), 0.5)
                        .ends()));
    }

    @ParameterizedTest
    @MethodSource("resumptions")
    void streamThatResumesByItselfIsMixedWithNoOther(World world) throws Exception {
        try (GatewayFixture gateway = Chain.SLOW_FALLBACK.start(Scale.forgetfulDefaults(), world)) {
            List<Outcome> outcomes = WorldRun.of(gateway, world);
            assertThat(outcomes).extracting(Outcome::harm).containsOnly("");
            assertThat(outcomes).allMatch(Outcome::byPrimary);
            assertThat(gateway.two().requestCount())
                    .as("continuations that were not needed")
                    .isPositive();
        }
    }

    /** What another target makes of half an object. */
    enum Rest {
        ITS_REST,
        ALL_OF_IT,
        NONSENSE,
        NOTHING;

        private Reply reply(ReceivedRequest request) {
            boolean continues = request.body().contains("alpha");
            return switch (this) {
                case ITS_REST -> says(request, continues ? OBJECT.substring(BEGUN.length()) : OBJECT);
                case ALL_OF_IT -> says(request, OBJECT);
                case NONSENSE -> says(request, "?? I cannot go on");
                case NOTHING -> Reply.json(503, "{\"error\":{\"message\":\"scripted trouble\"}}");
            };
        }

        private static Reply says(ReceivedRequest request, String text) {
            return Script.begun().says(List.of(text)).ends().in(UpstreamApi.of(request));
        }
    }

    @ParameterizedTest
    @EnumSource(Rest.class)
    void cutJsonIsMadeWholeOrEndsWithAnError(Rest rest) throws Exception {
        World world = World.streamed(
                        "json",
                        false,
                        words -> Script.begun().says(List.of(OBJECT)).ends())
                .withPrimary(
                        words -> Script.begun().says(List.of(BEGUN)).waits(1).closes());
        try (GatewayFixture gateway = Chain.FAST_FALLBACK.start(Scale.forgetfulDefaults(), world);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            gateway.two().answerWith(rest::reply);
            List<Future<String>> wrong = new ArrayList<>();
            for (UpstreamApi target : UpstreamApi.values()) {
                for (ClientDialect caller : ClientDialect.values()) {
                    wrong.add(callers.submit(() -> whatIsWrong(gateway, rest, world, target, caller)));
                }
            }
            for (Future<String> each : wrong) {
                assertThat(each.get()).isEmpty();
            }
        }
    }

    private static String whatIsWrong(
            GatewayFixture gateway, Rest rest, World world, UpstreamApi target, ClientDialect caller) {
        String model = Chain.model(target, world);
        RawAnswer answer;
        try (RawCaller connection = gateway.caller().waitAtMost(Duration.ofSeconds(60))) {
            answer = connection
                    .post(caller.path(model, true), Question.body(caller, model, true, Question.json(caller)))
                    .readAnswer();
        }
        try {
            ParsedAnswer parsed = ParsedAnswer.of(caller, true, answer);
            boolean whole = rest == Rest.ITS_REST || rest == Rest.ALL_OF_IT;
            assertThat(parsed.ends()).as("ends").isEqualTo(whole ? 1 : 0);
            assertThat(parsed.failures()).hasSize(whole ? 0 : 1);
            if (whole) {
                assertThat(parsed.text()).isEqualTo(OBJECT);
                StreamGrammar.assertComplete(caller, parsed.frames());
            }
            return "";
        } catch (AssertionError error) {
            return target + " for " + caller + ": " + error.getMessage() + "\n" + answer;
        }
    }
}
