package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A target that fails often, though never often in a row. */
class SuccessRateTest {

    @Test
    void aTargetThatFailsTwiceOfThreeTimesIsCooledDown() {
        CallScript call = CallScript.chain("a/m").with(CallScript.retries(0, Duration.ZERO));
        int calls = 0;
        while (call.availability("a/m").isReady()) {
            assertThat(calls).isLessThan(200);
            call.begin();
            if (calls++ % 3 == 0) {
                call.completed(1);
            } else {
                call.failed(1, FailureKind.SERVER_ERROR);
            }
        }
        assertThat(calls).isGreaterThan(20);
        assertThat(call.availability("a/m").state()).isEqualTo(Availability.State.COOLING);
    }

    @Test
    void oneThatMostlyAnswersIsNot() {
        CallScript call = CallScript.chain("a/m").with(CallScript.retries(0, Duration.ZERO));
        for (int calls = 0; calls < 300; calls++) {
            call.begin();
            if (calls % 3 != 0) {
                call.completed(1);
            } else {
                call.failed(1, FailureKind.SERVER_ERROR);
            }
            assertThat(call.availability("a/m").isReady()).isTrue();
        }
    }
}
