package dev.understudy.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.FailureKind;
import dev.understudy.gateway.cli.PlayedCall.Attempt;
import dev.understudy.rehearsal.RehearsalProvider;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemoTest {

    private static final List<DemoCall> CALLS = DemoCalls.ALL;

    private final DemoReport plain = DemoReport.of(CALLS, false);

    @Test
    void everyTargetOfTheDemoIsAnActThatTakesItsParameters() {
        Vertx vertx = Vertx.vertx();
        try {
            RehearsalProvider provider = RehearsalProvider.start(vertx)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            CALLS.stream()
                    .flatMap(call -> Stream.concat(Stream.of(call.model()), call.fallbacks().stream()))
                    .distinct()
                    .map(DemoTest::model)
                    .filter(model -> !model.equals("silent"))
                    .forEach(model ->
                            assertThat(ask(provider, model).body()).as(model).doesNotContain("\"param\":\"model\""));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static RawAnswer ask(RehearsalProvider provider, String model) {
        try (RawCaller caller = RawCaller.connect(provider.port())) {
            return caller.post(
                            "/v1/chat/completions",
                            "{\"model\":\"" + model
                                    + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Count.\"}]}")
                    .readAnswer();
        }
    }

    @Test
    void noPrimaryIsStillCoolingFromAnEarlierCall() {
        assertThat(CALLS.stream().map(DemoCall::model)).doesNotHaveDuplicates();
        assertThat(CALLS.stream().map(DemoCall::description)).doesNotHaveDuplicates();
    }

    @Test
    void everyTargetIsAnActOfTheRehearsal() {
        assertThat(CALLS.stream().flatMap(call -> Stream.concat(Stream.of(call.model()), call.fallbacks().stream())))
                .allMatch(target -> target.startsWith("rehearsal/"));
    }

    @Test
    void reportNamesAttemptsFailuresAndTheAnsweringTarget() {
        assertThat(plain.format(new PlayedCall(
                        "The primary is down",
                        List.of(
                                new Attempt("rehearsal/down", "server_error", AttemptKind.PRIMARY, 12),
                                new Attempt("rehearsal/ok", "ok", AttemptKind.PRIMARY, 5)),
                        Optional.of("rehearsal/ok"),
                        18,
                        200)))
                .matches("  The primary is down +200  rehearsal/ok answered +18 ms\n"
                        + "    rehearsal/down: server error \\(12 ms\\), then rehearsal/ok: answered \\(5 ms\\)");
    }

    @Test
    void reportShowsAContinuation() {
        PlayedCall call = new PlayedCall(
                "A stream that breaks in the middle",
                List.of(
                        new Attempt("rehearsal/cut?at=12", "truncated", AttemptKind.PRIMARY, 5),
                        new Attempt("rehearsal/down", "server_error", AttemptKind.CONTINUATION, 2),
                        new Attempt("rehearsal/ok", "ok", AttemptKind.CONTINUATION, 17)),
                Optional.of("rehearsal/ok"),
                25,
                200);
        assertThat(call.ends()).isEqualTo(DemoCall.Ends.CONTINUED);
        assertThat(plain.format(call))
                .matches("  A stream that breaks in the middle +200  rehearsal/ok continued +25 ms\n"
                        + "    rehearsal/cut\\?at=12: broke off \\(5 ms\\), then rehearsal/down: server error \\(2 ms\\),"
                        + " then rehearsal/ok: continued the answer \\(17 ms\\)");
    }

    @Test
    void reportShowsAHedgeAndARestart() {
        assertThat(attempts(AttemptKind.HEDGE)).contains("a/b: answered first (1 ms)");
        assertThat(attempts(AttemptKind.RESTART)).contains("a/b: answered from the start (1 ms)");
    }

    private String attempts(AttemptKind attemptKind) {
        return plain.format(
                new PlayedCall("x", List.of(new Attempt("a/b", "ok", attemptKind, 1)), Optional.of("a/b"), 1, 200));
    }

    @Test
    void demoShowsEveryEndingOfACall() {
        assertThat(CALLS.stream().map(DemoCall::ends).distinct()).containsExactlyInAnyOrder(DemoCall.Ends.values());
    }

    @Test
    void reportShowsThatNoTargetAnswered() {
        assertThat(plain.format(new PlayedCall(
                        "No target can answer",
                        List.of(new Attempt("rehearsal/error", "something_new", AttemptKind.PRIMARY, 12_345)),
                        Optional.empty(),
                        12_345,
                        503)))
                .contains("503  no target answered")
                .contains("12 s")
                .contains("rehearsal/error: something_new (12 s)");
        assertThat(plain.format(new PlayedCall("None", List.of(), Optional.empty(), 1, 400)))
                .contains("no target was tried");
    }

    @Test
    void columnsStayWhereTheyAre() {
        List<String> lines = CALLS.stream()
                .map(call -> new PlayedCall(call.description(), List.of(), Optional.of(call.model()), 7, 200))
                .map(plain::format)
                .map(text -> text.lines().findFirst().orElseThrow())
                .toList();
        assertThat(lines.stream().map(line -> line.lastIndexOf("200")).distinct())
                .hasSize(1);
        assertThat(lines.stream().map(String::length).distinct()).hasSize(1);
        assertThat(lines).allMatch(line -> line.length() <= 100);
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureHasADescription(FailureKind kind) {
        PlayedCall call = new PlayedCall(
                "x", List.of(new Attempt("a/b", kind.wireName(), AttemptKind.PRIMARY, 1)), Optional.empty(), 1, 503);
        assertThat(plain.format(call)).containsPattern("a/b: [a-z ]+ \\(1 ms\\)");
    }

    @Test
    void coloursAreForTerminalsThatWantThem() {
        assertThat(DemoReport.takesColour(Map.of("TERM", "xterm"), true)).isTrue();
        assertThat(DemoReport.takesColour(Map.of("NO_COLOR", ""), true)).isTrue();
        assertThat(DemoReport.takesColour(Map.of("NO_COLOR", "1"), true)).isFalse();
        assertThat(DemoReport.takesColour(Map.of("TERM", "dumb"), true)).isFalse();
        assertThat(DemoReport.takesColour(Map.of(), false)).isFalse();

        PlayedCall call = new PlayedCall("x", List.of(), Optional.of("a/b"), 1, 200);
        assertThat(plain.format(call)).doesNotContain("\u001b");
        String coloured = DemoReport.of(CALLS, true).format(call);
        assertThat(coloured).contains("\u001b[32m200\u001b[0m");
        assertThat(coloured.replaceAll("\u001b\\[\\d+m", "")).isEqualTo(plain.format(call));
    }

    private static String model(String target) {
        return target.substring(target.indexOf('/') + 1);
    }
}
