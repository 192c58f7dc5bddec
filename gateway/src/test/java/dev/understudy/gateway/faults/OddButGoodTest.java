package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Limits;
import dev.understudy.testing.faults.Odd;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that look broken and are not: each is complete, so it is delivered as it came, and no other target is tried. */
@Timeout(120)
class OddButGoodTest {
    static List<Odd> odds() {
        return Stream.of(Odd.endings(), Odd.framings(), Odd.contents(), Odd.wholes(), Odd.slow())
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("odds")
    void completeAnswerIsDeliveredAsItCame(Odd odd) {
        try (GatewayFixture gateway = GatewayFixture.start(Limits.NONE.configuration(false))) {
            gateway.one().answerAlways(odd.reply());
            gateway.two().answerAlways(Answers.good(odd.delivery()));
            long startedAt = System.nanoTime();

            RawAnswer seen = gateway.chat(odd.delivery().request("chain"));

            assertThat(System.nanoTime() - startedAt)
                    .as("the answer is complete, so the limit of 25 s is not waited for")
                    .isLessThan(Duration.ofSeconds(15).toNanos());
            assertThat(seen.end()).as("%s", seen).isEqualTo(End.COMPLETE);
            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.body()).isEqualTo(odd.expected());
            assertThat(seen.header("content-encoding")).isEmpty();
            assertThat(seen.header("understudy-target")).contains("one/a");
            assertThat(seen.header("understudy-attempts")).contains("1");
            assertThat(gateway.one().requestCount()).isEqualTo(1);
            assertThat(gateway.two().requestCount()).isZero();
            assertThat(gateway.log(1))
                    .singleElement()
                    .asString()
                    .contains("\"ending\":\"answered\"", "\"target\":\"one/a\"");
            FailureTable.addGood(odd.name(), odd.delivery(), Seen.in(seen).summary("one/a", ""));
        }
    }

    /** The pings that come in the meantime are passed on; what matters is that they do not keep the caller waiting. */
    @Test
    void finishedAnswerDoesNotWaitForPingsToEnd() {
        Reply pings = Reply.eventStream().chunk(Odd.FINISHED);
        for (int i = 0; i < 500; i++) {
            pings = pings.chunk(": ping\n\n").pause(Duration.ofMillis(20));
        }
        try (GatewayFixture gateway = GatewayFixture.start(Limits.NONE.configuration(false))) {
            gateway.one().answerAlways(pings.hold());

            RawAnswer seen = gateway.chat(Delivery.STREAM.request("chain"));

            assertThat(seen.end()).isEqualTo(End.COMPLETE);
            assertThat(seen.body().replace(": ping\n\n", "")).isEqualTo(Odd.COMPLETE);
            assertThat(gateway.one().take().peerClosedNanos(Duration.ofSeconds(8)))
                    .as("the gateway has closed the connection while the pings continued")
                    .isNotZero();
        }
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
