package dev.understudy.gateway.faults;

import static dev.understudy.engine.FailureKind.TIMEOUT_FIRST_TOKEN;
import static dev.understudy.engine.FailureKind.TIMEOUT_IDLE;
import static dev.understudy.gateway.faults.Moment.BEFORE_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Upstreams that are there and do not get on: a limit ends the wait, and a sign of life is no content. */
@Timeout(120)
class SilenceTest {
    private static final String JSON_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

    static List<Fault> faults() {
        Reply begun = Reply.eventStream().event(Answers.role());
        return List.of(
                fault("says nothing at all", Reply.start().hold()).at(Moment.BEFORE_FIRST_BYTE),
                fault(
                        "sends a stream's head and then nothing",
                        Reply.eventStream().hold()),
                fault(
                        "sends an answer's head and then nothing",
                        Reply.start().send(JSON_HEAD).hold()),
                fault(
                        "sends an error's head and then nothing",
                        Reply.start()
                                .send("HTTP/1.1 500 Oops\r\nContent-Length: 99\r\n\r\n")
                                .hold()),
                fault("sends a role and then nothing", begun.hold()).only(Delivery.STREAM),
                fault("sends pings for ever", forEver(begun, ": ping\n\n")).only(Delivery.STREAM),
                fault("sends empty deltas for ever", forEver(begun, Answers.events(Answers.content(""))))
                        .only(Delivery.STREAM),
                fault("sends blanks for ever", forEver(begun, Answers.events(Answers.content(" "))))
                        .only(Delivery.STREAM),
                fault("sends empty choices for ever", forEver(begun, Answers.events(Answers.chunk("[]"))))
                        .only(Delivery.STREAM),
                fault("sends blank lines for ever", forEver(Reply.start().send(JSON_HEAD), "\n"))
                        .only(Delivery.WHOLE),
                fault(
                                "sends an answer that never ends",
                                forEver(
                                        Reply.start()
                                                .send(JSON_HEAD)
                                                .chunk("{\"choices\":[{\"message\":{\"content\":\""),
                                        "more "))
                        .only(Delivery.WHOLE),
                Fault.of(
                                "stops in the middle of an answer",
                                TIMEOUT_IDLE,
                                Reply.start()
                                        .send(JSON_HEAD)
                                        .chunk("{\"choices\":")
                                        .hold())
                        .only(Delivery.WHOLE)
                        .endedBy(Limits.IDLE)
                        .at(BEFORE_COMMIT));
    }

    private static Fault fault(String name, Reply reply) {
        return Fault.of(name, TIMEOUT_FIRST_TOKEN, reply)
                .endedBy(Limits.SILENCE)
                .at(BEFORE_COMMIT);
    }

    /** Longer than every limit here, and with pieces that are closer than the limit on gaps. */
    private static Reply forEver(Reply begun, String piece) {
        Reply reply = begun;
        for (int i = 0; i < 500; i++) {
            reply = reply.chunk(piece).pause(Duration.ofMillis(20));
        }
        return reply.hold();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void waitEndsAndNextTargetAnswers(Fault fault) {
        FaultRun.play(fault);
    }

    @ParameterizedTest
    @EnumSource
    void silentTargetIsCancelled(Delivery delivery) {
        try (GatewayFixture gateway = GatewayFixture.start(Limits.SILENCE.configuration(false))) {
            gateway.one().answerAlways(Reply.start().hold());
            gateway.two().answerAlways(Answers.good(delivery));

            assertThat(gateway.chat(delivery.request("chain")).body()).isEqualTo(Answers.goodBody(delivery));

            // Fails if the connection is not closed from the gateway's side.
            assertThat(gateway.one().take().peerClosedNanos(Duration.ofSeconds(10)))
                    .isNotZero();
        }
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
