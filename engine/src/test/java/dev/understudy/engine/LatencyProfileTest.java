package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is known of a target's usual times. */
class LatencyProfileTest {
    private static final LatencyProfile.Workload STREAMED = new LatencyProfile.Workload(true, false);
    private static final Target TARGET = Target.of("a", "m");

    private final LatencyProfile profile = new LatencyProfile();

    private void learn(int times, long promptBytes, int millis) {
        for (int i = 0; i < times; i++) {
            profile.learn(TARGET, STREAMED, promptBytes, TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    @Test
    void peopleSeeTheTimesOverPromptsOfAllSizesAndOfHowManyTheyAre() {
        learn(60, 1_000, 100);
        learn(40, 1_000_000, 3_000);
        UsualTime usual = profile.usual(TARGET, true);
        assertThat(usual.samples()).isEqualTo(100);
        assertThat(TimeUnit.NANOSECONDS.toMillis(usual.p50())).isBetween(100L, 109L);
        assertThat(TimeUnit.NANOSECONDS.toMillis(usual.p95())).isBetween(3_000L, 3_270L);
    }

    @Test
    void theMedianIsKnownFromAHandfulAndTheP95FromMany() {
        learn(4, 1_000, 100);
        assertThat(profile.median(TARGET, STREAMED, 1_000)).isEmpty();
        learn(1, 1_000, 100);
        assertThat(TimeUnit.NANOSECONDS.toMillis(
                        profile.median(TARGET, STREAMED, 1_000).orElseThrow()))
                .isBetween(100L, 109L);
        assertThat(profile.p95(TARGET, STREAMED, 1_000)).isEmpty();
    }

    @Test
    void callsThatReasonHaveAProfileOfTheirOwn() {
        learn(100, 1_000, 100);
        assertThat(profile.p95(TARGET, new LatencyProfile.Workload(true, true), 1_000))
                .isEmpty();
        assertThat(profile.p95(TARGET, STREAMED, 1_000)).isPresent();
    }

    @Test
    void namesWithoutEndDoNotDriveOutATargetThatIsUsed() {
        learn(100, 1_000, 100);
        for (int i = 0; i < 50_000; i++) {
            profile.learn(Target.of("a", "made-up-" + i), STREAMED, 1_000, 1);
            if (i % 1_000 == 0) {
                assertThat(profile.p95(TARGET, STREAMED, 1_000)).isPresent();
            }
        }
    }

    @Test
    void streamsAndWholeAnswersHaveProfilesOfTheirOwn() {
        learn(60, 1_000, 100);
        assertThat(profile.usual(TARGET, false)).isEqualTo(new UsualTime(0, 0, 0));
    }

    @Test
    void peopleSeeWhatIsKnownFromOneAnswerAndNoLimitIsDrawnFromIt() {
        learn(1, Long.MAX_VALUE, 100);
        assertThat(profile.usual(TARGET, true).samples()).isEqualTo(1);
        assertThat(TimeUnit.NANOSECONDS.toMillis(profile.usual(TARGET, true).p95()))
                .isBetween(100L, 109L);
        assertThat(profile.p95(TARGET, STREAMED, Long.MAX_VALUE)).isEmpty();
    }
}
