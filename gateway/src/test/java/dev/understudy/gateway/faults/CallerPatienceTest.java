package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call's own time: the deadline, and the time for which the caller's client waits. */
@Timeout(120)
class CallerPatienceTest {
    private static final String PATIENT = """
            defaults:
              deadline: %s
              timeouts: {connect: 25s, first-token: 25s, idle: 25s, answer: 25s}
              cooldown: {after: 1, base: 60s, cap: 60s}
            models:
              chain: {targets: [one/a, two/b]}
            """;

    @ParameterizedTest
    @EnumSource
    void callerGetsAnErrorBeforeItsClientHangsUp(Delivery delivery) {
        try (GatewayFixture gateway = GatewayFixture.start(PATIENT.formatted("60s"))) {
            gateway.upstreams()
                    .forEach(upstream -> upstream.answerAlways(Reply.start().hold()));
            long started = System.nanoTime();

            RawAnswer seen = gateway.chat(delivery.request("chain"), "x-stainless-timeout: 2");

            long took = System.nanoTime() - started;
            assertThat(seen.status()).as("%s", seen).isEqualTo(504);
            assertThat(Seen.in(seen).errorAttempts()).isEqualTo(2);
            // 2 s less a margin of a tenth. The upper bound only says that none of the limits of 25 s was waited for.
            assertThat(took)
                    .isBetween(
                            Duration.ofMillis(1_790).toNanos(),
                            Duration.ofSeconds(15).toNanos());
        }
    }

    @ParameterizedTest
    @EnumSource
    void callersHurryStillLeavesTimeForTheNext(Delivery delivery) {
        try (GatewayFixture gateway = GatewayFixture.start(PATIENT.formatted("60s"))) {
            gateway.one().answerAlways(Reply.start().hold());
            gateway.two().answerAlways(Answers.good(delivery));

            RawAnswer seen = gateway.chat(delivery.request("chain"), "x-stainless-timeout: 5");

            assertThat(seen.body()).isEqualTo(Answers.goodBody(delivery));
            assertThat(seen.header("understudy-trail").orElse(""))
                    .as("a hedge is started at half of the caller's time")
                    .startsWith("\"one/a\";outcome=cancelled;ms=");
        }
    }

    @Test
    void callersHurryIsNotHeldAgainstTheTarget() {
        try (GatewayFixture gateway = GatewayFixture.start(PATIENT.formatted("60s"))) {
            gateway.one().answer(Reply.start().hold()).answerAlways(Answers.good(Delivery.WHOLE));
            gateway.two().answerAlways(Answers.good(Delivery.WHOLE));
            assertThat(gateway.chat(Delivery.WHOLE.request("chain"), "x-stainless-timeout: 3")
                            .header("understudy-target"))
                    .contains("two/b");

            assertThat(gateway.chat(Delivery.WHOLE.request("chain")).header("understudy-target"))
                    .as("one failure would cool it down, if it were one")
                    .contains("one/a");
        }
    }

    @Test
    void aCallersTimeoutOfZeroIsNoTimeout() {
        try (GatewayFixture gateway = GatewayFixture.start(PATIENT.formatted("60s"))) {
            gateway.one()
                    .answerAlways(Reply.start()
                            .pause(Duration.ofMillis(100))
                            .send("HTTP/1.1 200 OK\r\n\r\n" + Answers.whole("w-1"))
                            .close());

            assertThat(gateway.chat(Delivery.WHOLE.request("chain"), "x-stainless-timeout: 0")
                            .body())
                    .isEqualTo(Answers.whole("w-1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void deadlineEndsTheCallOnAChainThatHangs(Delivery delivery) {
        try (GatewayFixture gateway = GatewayFixture.start(PATIENT.formatted("600ms"))) {
            gateway.upstreams()
                    .forEach(upstream -> upstream.answerAlways(Reply.start().hold()));

            RawAnswer seen = gateway.chat(delivery.request("chain"));

            assertThat(seen.status()).as("%s", seen).isEqualTo(504);
            assertThat(Seen.in(seen).errorAttempts()).isBetween(1, 2);
            assertThat(gateway.one().take().peerClosedNanos(Duration.ofSeconds(10)))
                    .isNotZero();
        }
    }

    @Test
    void deadlineEndsNoStreamThatFlows() {
        try (GatewayFixture gateway = GatewayFixture.start(PATIENT.formatted("1s"))) {
            Reply flowing = Reply.eventStream().event(Answers.role());
            for (int i = 0; i < 100; i++) {
                flowing = flowing.event(Answers.content("on and ")).pause(Duration.ofMillis(20));
            }
            gateway.one()
                    .answerAlways(flowing.event(Answers.finish("stop"))
                            .event(Answers.DONE)
                            .lastChunk());

            RawAnswer seen = gateway.chat(Delivery.STREAM.request("chain"));

            assertThat(seen.end()).isEqualTo(End.COMPLETE);
            assertThat(Seen.in(seen).text()).isEqualTo("on and ".repeat(100));
            assertThat(Seen.in(seen).finished()).isTrue();
            assertThat(gateway.two().requestCount()).isZero();
        }
    }
}
