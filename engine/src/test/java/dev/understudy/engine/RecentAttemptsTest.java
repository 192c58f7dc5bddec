package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A ring of the last attempts at each target, written by several threads. */
class RecentAttemptsTest {
    private static final Target TARGET = Target.of("a", "m");
    private static final long START = -TimeUnit.HOURS.toNanos(1);

    private static long at(long millis) {
        return START + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void theLastTwentyAreKeptTheLatestFirst() {
        RecentAttempts recent = new RecentAttempts();
        for (int i = 0; i < 50; i++) {
            recent.answered(TARGET, at(i * 10L), at(i * 10L + i));
        }
        assertThat(recent.of(TARGET, at(1_000)))
                .extracting(attempt -> TimeUnit.NANOSECONDS.toMillis(attempt.duration()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> 49L - i).toList());
    }

    @ParameterizedTest
    @EnumSource
    void eachKindOfFailureIsDistinguished(FailureKind kind) {
        RecentAttempts recent = new RecentAttempts();
        recent.failed(TARGET, kind, at(5), at(12));
        assertThat(recent.of(TARGET, at(20)))
                .containsExactly(new PastAttempt(Optional.of(kind), at(12), TimeUnit.MILLISECONDS.toNanos(7)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 10, 100, 730, 1_000, 10_000})
    void timesAreRightHoweverLongTheGatewayRuns(long days) {
        RecentAttempts recent = new RecentAttempts();
        recent.answered(TARGET, at(0), at(0));
        long then = at(TimeUnit.DAYS.toMillis(days));
        recent.answered(TARGET, then, then + TimeUnit.MILLISECONDS.toNanos(30));
        long now = then + TimeUnit.MILLISECONDS.toNanos(100);
        assertThat(recent.of(TARGET, now))
                .contains(new PastAttempt(
                        Optional.empty(), now - TimeUnit.MILLISECONDS.toNanos(70), TimeUnit.MILLISECONDS.toNanos(30)));
    }

    @Test
    void aDurationBeyondTheRangeIsCutToItsMaximum() {
        RecentAttempts recent = new RecentAttempts();
        recent.answered(TARGET, at(0), at(TimeUnit.DAYS.toMillis(1)));
        assertThat(recent.of(TARGET, at(TimeUnit.DAYS.toMillis(1))).getFirst().duration())
                .isBetween(TimeUnit.MINUTES.toNanos(69), TimeUnit.MINUTES.toNanos(70));
    }

    @Test
    void amongVeryManyTargetsTheMostRecentAreKept() {
        RecentAttempts recent = new RecentAttempts();
        recent.answered(TARGET, at(0), at(1));
        for (int i = 0; i < 3 * RecentAttempts.MAX_TARGETS; i++) {
            recent.answered(Target.of("a", "made-up-" + i), at(i), at(i + 2));
            recent.answered(TARGET, at(i), at(i + 2));
        }
        assertThat(recent.targets())
                .hasSize(RecentAttempts.MAX_TARGETS)
                .contains(TARGET, Target.of("a", "made-up-" + (3 * RecentAttempts.MAX_TARGETS - 1)))
                .doesNotContain(Target.of("a", "made-up-0"));
    }

    /** Each writer's attempts have a duration of their own for each outcome, so that a mixture of two would show. */
    @Test
    void noHalfOfAnAttemptIsSeenWhileTwoThreadsWrite() throws InterruptedException {
        RecentAttempts recent = new RecentAttempts();
        AtomicBoolean stop = new AtomicBoolean();
        Thread answers = Thread.ofPlatform().start(() -> {
            for (long i = 1; !stop.get(); i++) {
                recent.answered(TARGET, at(i), at(i + 7));
            }
        });
        Thread failures = Thread.ofPlatform().start(() -> {
            for (long i = 1; !stop.get(); i++) {
                recent.failed(TARGET, FailureKind.TRUNCATED, at(i), at(i + 1_000));
            }
        });
        List<PastAttempt> seen = new ArrayList<>();
        // On a busy machine the writers may begin late.
        while (recent.of(TARGET, at(0)).size() < AttemptRing.LENGTH) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 2_000; i++) {
            seen.addAll(recent.of(TARGET, at(0)));
        }
        stop.set(true);
        answers.join();
        failures.join();
        assertThat(recent.of(TARGET, at(0))).hasSize(AttemptRing.LENGTH);
        assertThat(seen)
                .allSatisfy(attempt -> assertThat(TimeUnit.NANOSECONDS.toMillis(attempt.duration()))
                        .isEqualTo(attempt.failure().isEmpty() ? 7 : 1_000));
    }
}
