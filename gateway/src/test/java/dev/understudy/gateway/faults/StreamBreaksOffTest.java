package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Break;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Moment;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stream that fails after the commit, without recovery: the caller keeps what it read, receives an error in the stream,
 * and cannot take the part for the whole.
 */
@Timeout(120)
class StreamBreaksOffTest {
    static List<Break> breaks() {
        return Break.breaks();
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void halfAnAnswerIsNeverShownAsTheWhole(Break broken) throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start(broken.limits().configuration(false, "terminate"))) {
            CountDownLatch read = new CountDownLatch(1);
            String before = Answers.events(Answers.role(), broken.content());
            gateway.one().answerAlways(broken.rest().apply(broken.begun(before).await(read)));
            gateway.two().answerAlways(Answers.good(Delivery.STREAM));

            RawAnswer rest = follow(gateway, before, read);

            assertToldInTheStream(rest, broken);
            assertThat(gateway.one().requestCount()).as("requests to one").isEqualTo(1);
            assertThat(gateway.two().requestCount()).as("requests to two").isZero();
            assertThat(gateway.log(1))
                    .singleElement()
                    .asString()
                    .contains(
                            "\"ending\":\"broken_off\"",
                            "\"outcome\":\"" + broken.kind().wireName() + "\"");
            Seen seen = Seen.of(200, before + rest.body(), rest.end());
            FailureTable.add(
                    broken.kind(),
                    new FailureTable.Row(
                            broken.name(), Delivery.STREAM, Moment.AFTER_COMMIT, seen.summary("one/a", ""), 1, "", 0));
        }
    }

    /** Reads what comes before the break, lets the break happen, and reads the rest. */
    static RawAnswer follow(GatewayFixture gateway, String before, CountDownLatch read) throws IOException {
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(30))) {
            caller.post(GatewayFixture.PATH, Delivery.STREAM.request("chain"));
            assertThat(caller.readHead().status()).isEqualTo(200);
            String first = caller.readEvent().orElseThrow() + "\n\n"
                    + caller.readEvent().orElseThrow() + "\n\n";
            assertThat(first).isEqualTo(before);
            read.countDown();
            return caller.readRest();
        }
    }

    private static void assertToldInTheStream(RawAnswer rest, Break broken) {
        assertThat(rest.end()).as("%s", rest).isEqualTo(End.COMPLETE);
        assertThat(rest.header("understudy-target")).contains("one/a");
        assertThat(rest.header("understudy-attempts")).contains("1");
        assertThat(rest.header("understudy-trail").orElse("")).matches("\"one/a\";outcome=answering;ms=\\d+");
        assertThat(rest.events().getLast())
                .as("%s", rest)
                .startsWith("data: {\"error\":{\"message\":\"")
                .endsWith("]}}")
                .doesNotContain("\n");
        Seen seen = Seen.in(rest);
        assertThat(seen.error()).as("%s", rest).isEqualTo(broken.code());
        assertThat(seen.errorAttempts()).isEqualTo(1);
        assertThat(seen.finished()).as("%s", rest).isFalse();
        assertThat(rest.body()).doesNotContain("[DONE]");
        assertThat(seen.text()).isEmpty();
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
