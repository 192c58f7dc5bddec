package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.BrokenReplies;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Fault;
import dev.understudy.testing.faults.Limits;
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
    static List<Fault> faults() {
        return BrokenReplies.silences();
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
