package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream request is cancelled when its caller leaves: the upstream's socket is closed at once. */
@Timeout(120)
class CallerLeavesTest {

    /** What is promised. */
    private static final Duration AT_ONCE = Duration.ofMillis(100);

    /**
     * A machine with more work than cores may hold any of four threads up for longer than the promise on its way from
     * one socket to the other. That makes single measurements late, not all of them; a gateway that waits for its next
     * write, or a timer, is late every time.
     */
    private static final int TRIES = 8;

    private static final String LONG_LIMITS =
            "defaults: {deadline: 60s, timeouts: {first-token: 60s, idle: 60s, answer: 60s}}";

    enum Leaving {
        FIN,
        RST;

        void leave(RawCaller caller) {
            switch (this) {
                case FIN -> caller.close();
                case RST -> caller.reset();
            }
        }
    }

    enum Moment {
        BEFORE_HEADERS,
        AFTER_HEADERS,
        INSIDE_THE_ANSWER;

        Reply reply(boolean stream) {
            Reply head = stream
                    ? Reply.eventStream()
                    : Reply.start()
                            .send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n");
            return switch (this) {
                case BEFORE_HEADERS -> Reply.start();
                case AFTER_HEADERS -> head;
                case INSIDE_THE_ANSWER -> stream ? head.event(Chats.content("a")) : head.send("{\"id\":\"x\",");
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FIN, BEFORE_HEADERS, false",
        "FIN, BEFORE_HEADERS, true",
        "FIN, AFTER_HEADERS, false",
        "FIN, AFTER_HEADERS, true",
        "FIN, INSIDE_THE_ANSWER, false",
        "FIN, INSIDE_THE_ANSWER, true",
        "RST, BEFORE_HEADERS, false",
        "RST, BEFORE_HEADERS, true",
        "RST, AFTER_HEADERS, false",
        "RST, AFTER_HEADERS, true",
        "RST, INSIDE_THE_ANSWER, false",
        "RST, INSIDE_THE_ANSWER, true",
    })
    void upstreamSeesTheEndAtOnce(Leaving leaving, Moment moment, boolean stream) throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start(LONG_LIMITS)) {
            gateway.one().answerAlways(moment.reply(stream).hold());
            Duration soonest = Duration.ofDays(1);
            for (int i = 0; i < TRIES && soonest.compareTo(AT_ONCE) > 0; i++) {
                RawCaller caller = gateway.caller()
                        .post(GatewayFixture.PATH, stream ? Chats.askStream("one/m") : Chats.ask("one/m"));
                ReceivedRequest request = gateway.one().take();
                if (stream && moment == Moment.INSIDE_THE_ANSWER) {
                    caller.readHead();
                    assertThat(caller.readEvent()).isPresent();
                }
                assertThat(request.isPeerClosed()).isFalse();

                long left = System.nanoTime();
                leaving.leave(caller);

                Duration took = Duration.ofNanos(request.peerClosedNanos(Duration.ofSeconds(10)) - left);
                soonest = took.compareTo(soonest) < 0 ? took : soonest;
            }
            assertThat(soonest).isLessThan(AT_ONCE);
            assertThat(gateway.log(1).getFirst()).contains("\"ending\":\"caller_left\"", "\"outcome\":\"cancelled\"");
        }
    }

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void noAttemptBeginsForACallerThatLeftDuringABackoff(Leaving leaving) {
        String waits = "defaults: {retry: {attempts: 3, base: 60s, cap: 60s, patience: 60s, budget: 100%}}";
        try (GatewayFixture gateway = GatewayFixture.start(waits)) {
            gateway.one().answerAlways(Reply.json(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 20"));
            RawCaller caller = gateway.caller().post(GatewayFixture.PATH, Chats.ask("one/m"));
            gateway.one().take();

            leaving.leave(caller);

            // The wait ends in the log long before its time, and a call that has ended starts nothing.
            assertThat(gateway.log(1).getFirst()).contains("\"ending\":\"caller_left\"");
            assertThat(TimeUnit.MILLISECONDS.toSeconds(
                            Fields.number(gateway.log(1).getFirst(), "ms")))
                    .isLessThan(15);
            assertThat(gateway.one().requestCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void fallbackIsNotTriedForACallerThatLeft(Leaving leaving) {
        try (GatewayFixture gateway = GatewayFixture.start(LONG_LIMITS)) {
            gateway.one().answerAlways(Reply.start().hold());
            RawCaller caller =
                    gateway.caller().post(GatewayFixture.PATH, Chats.ask("one/m", "\"fallbacks\":[\"two/m\"]"));
            gateway.one().take();

            leaving.leave(caller);

            assertThat(gateway.log(1).getFirst())
                    .contains("\"ending\":\"caller_left\"")
                    .doesNotContain("two/m");
            assertThat(gateway.two().connectionCount()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/responses/compact", "/v1/responses/input_tokens"})
    void requestsThatAreNoCallsEndToo(String path) {
        String withResponses = """
                server: {port: 0, drain: 0s}
                providers: {one: {base-url: "${ONE}", responses: true}}
                """;
        try (GatewayFixture gateway = GatewayFixture.startWith(withResponses)) {
            gateway.one().answerAlways(Reply.start().hold());
            RawCaller caller = gateway.caller().post(path, "{\"model\":\"one/m\",\"input\":\"Hi\"}");
            ReceivedRequest request = gateway.one().take();

            Leaving.FIN.leave(caller);

            assertThat(request.peerClosedNanos(Duration.ofSeconds(5))).isNotZero();
        }
    }
}
