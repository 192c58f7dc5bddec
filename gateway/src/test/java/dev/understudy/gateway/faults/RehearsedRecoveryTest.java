package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.rehearsal.CountingText;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a rehearsed stream breaks, and however another act continues it: the caller reads one text. */
@Timeout(60)
class RehearsedRecoveryTest {

    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s}
                providers: {rehearsal: {}}
                defaults:
                  retry: {attempts: 0}
                  cooldown: {after: 1000, success-rate: 0%}
                  timeouts: {first-token: 2s, idle: 1s, when-late: cancel}
                """);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "cut?at=20, ok",
        "cut?at=1, ok",
        "cut?at=59, ok",
        "cut?at=60, ok?goes-on=again",
        "cut?at=20, ok?goes-on=again",
        "cut?at=20, ok?goes-on=overlap",
        "cut?at=20, ok?goes-on=refuse",
        "error-event?at=20, no-done",
        "error-event?at=20&form=object, usage-last?late=10ms",
        "garbled?at=20, http10",
        "garbled?at=20&how=chunk, gzip",
        "stall?at=20, slow?ttft=20ms",
        "pings?at=20, ok",
    })
    void callerReadsOneTextOfTwo(String first, String second) {
        assertWhole(call(first, second));
    }

    @Test
    void aDoneAfterContentIsBelieved() {
        RawAnswer answer = call("done-without-finish?tokens=20", "tiny?tokens=60");
        Seen seen = Seen.of(200, answer.body(), answer.end());
        assertThat(seen.text()).as("%s", answer).isEqualTo(CountingText.text(20));
        assertThat(seen.finished()).isTrue();
        assertThat(seen.done()).isTrue();
        assertThat(answer.body()).contains("\"understudy\":{\"warning\":").doesNotContain("recovery");
    }

    @Test
    void oneLargeEventIsAContinuationToo() {
        assertWhole(
                call("cut?at=20&how=reset", "big?bytes=" + CountingText.text(60).length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest", "again", "overlap", "refuse"})
    void callerReadsOneTextOfFour(String style) {
        String more = "&goes-on=" + style;
        assertWhole(call("cut?at=7", "error-event?at=11" + more, "cut?at=13" + more, "ok?goes-on=" + style));
    }

    @Test
    void refusalIsLearnedAndNotRepeated() {
        String second = "ok?goes-on=refuse&ttft=1ms";
        assertThat(call("cut?at=5", second).body()).contains("continuation_refused");
        RawAnswer answer = call("cut?at=6", second);
        assertThat(answer.body()).doesNotContain("continuation_refused");
        assertWhole(answer);
    }

    private static void assertWhole(RawAnswer answer) {
        Seen seen = Seen.of(200, answer.body(), answer.end());
        assertThat(seen.text()).as("%s", answer).isEqualTo(CountingText.text(60));
        assertThat(answer.end()).isEqualTo(End.COMPLETE);
        assertThat(seen.finished()).isTrue();
        assertThat(seen.done()).isTrue();
        assertThat(answer.body()).contains("\"recovery\":\"continue\"").contains("manner=continuing");
    }

    private static RawAnswer call(String first, String... others) {
        return gateway.chat("{\"model\":\"rehearsal/" + first + "\",\"stream\":true,\"fallbacks\":[\"rehearsal/"
                + String.join("\",\"rehearsal/", others)
                + "\"],\"messages\":[{\"role\":\"user\",\"content\":\"Count for me.\"}]}");
    }
}
