package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Break;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Moment;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The breaks of {@link StreamBreaksOffTest} with the usual recovery: another target continues, and nothing is missing. */
@Timeout(120)
class StreamContinuesTest {
    private static final String ROLE = "\"role\":";

    static List<Break> breaks() {
        return Break.breaks().stream()
                .filter(broken -> !broken.content().contains("tool_calls"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("breaks")
    void anotherTargetContinuesWhereTheTextStops(Break broken) throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start(broken.limits().configuration(false))) {
            CountDownLatch read = new CountDownLatch(1);
            String before = broken.before();
            broken.play(gateway.one(), gateway.two(), read);

            RawAnswer rest = StreamBreaksOffTest.follow(gateway, before, read);

            Seen seen = Seen.of(200, before + rest.body(), rest.end());
            assertThat(rest.end()).as("%s", rest).isEqualTo(End.COMPLETE);
            assertThat(seen.text()).as("%s", rest).isEqualTo("Hello");
            assertThat(seen.finished()).isTrue();
            assertThat(seen.done()).isTrue();
            assertThat(seen.error()).isEmpty();
            assertThat(rest.body())
                    .as("a client adds a second role to the first")
                    .doesNotContain(ROLE);
            assertThat(rest.body())
                    .contains("\"understudy\":{\"recovery\":\"continue\",\"trail\":\"\\\"one/a\\\";outcome="
                            + broken.kind().wireName())
                    .contains("manner=continuing");
            assertThat(gateway.one().requestCount()).as("requests to one").isEqualTo(1);
            assertThat(gateway.two().take().body())
                    .contains("{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hel\"}]");
            assertThat(gateway.log(1)).singleElement().asString().contains("\"ending\":\"answered\"");
            FailureTable.add(
                    broken.kind(),
                    new FailureTable.Row(
                            broken.name(),
                            Delivery.STREAM,
                            Moment.AFTER_COMMIT,
                            seen.summary("one/a, then two/b", ""),
                            2,
                            "",
                            0));
        }
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
