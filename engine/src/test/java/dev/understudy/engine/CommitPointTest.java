package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a stream's bytes become the caller's. */
class CommitPointTest {

    private static CallScript held() {
        CallScript call = CallScript.chain("a/m", "b/m")
                .streaming()
                .committing(new CommitPoint.After(100, Duration.ofSeconds(2)));
        call.begin();
        call.connected(1);
        assertThat(call.at(1_000).progress(1, 10)).isEmpty();
        return call;
    }

    @Test
    void afterSoManyCharacters() {
        CallScript call = held();
        assertThat(call.progress(1, 99)).isEmpty();
        assertThat(call.progress(1, 100)).containsExactly("commit 1");
    }

    @Test
    void orAfterSoMuchTimeThoughNothingMoreComes() {
        CallScript call = held();
        assertThat(call.untilDue()).containsExactly("commit 1");
        assertThat(call.now()).isEqualTo(3_000);
    }

    @Test
    void whatBreaksBeforeBreaksUnseen() {
        CallScript call = held();
        assertThat(call.at(1_500).failed(1, FailureKind.TRUNCATED)).containsExactly("start 2 a/m");
    }

    @Test
    void anAnswerThatIsCompleteBeforeIsDelivered() {
        CallScript call = held();
        assertThat(call.at(1_500).completed(1)).containsExactly("commit 1", "deliver 1");
    }
}
