package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.engine.Disposition.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people are told of a target: what keeps it out and why, and what came of its last attempts. */
class HealthReportTest {
    private static final int LEASE = 60_000;

    private static CallScript alone() {
        return CallScript.chain("a/m")
                .with(CallScript.retries(0, Duration.ZERO))
                .with(CallScript.cooldown(1, Duration.ofSeconds(5), Duration.ofSeconds(5)));
    }

    private static CallScript overloadedAt(int millis) {
        CallScript call = alone().at(millis);
        call.begin();
        call.failed(1, FailureKind.OVERLOADED);
        return call;
    }

    @Test
    void aTargetThatNeverFailedIsReportedHealthy() {
        CallScript call = alone();
        HealthReport before = call.report("a/m");
        call.begin();
        call.at(70).completed(1);

        assertThat(before).isEqualTo(new HealthReport(Optional.empty(), 1, List.of()));
        HealthReport after = call.at(100).report("a/m");
        assertThat(after.outage()).isEmpty();
        assertThat(after.state()).isEqualTo(Availability.State.READY);
        assertThat(after.successRate()).isEqualTo(1);
        assertThat(after.recent()).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcome()).isEqualTo("ok");
            assertThat(CallScript.millis(attempt.endedAt())).isEqualTo(70);
            assertThat(attempt.duration()).isEqualTo(70_000_000);
        });
    }

    @Test
    void aCooldownIsReportedWithItsStartEndAndReason() {
        OpenCircuit outage =
                overloadedAt(1_000).at(2_000).report("a/m").outage().orElseThrow();

        assertThat(outage.state()).isEqualTo(Availability.State.COOLING);
        assertThat(outage.scope()).isEqualTo(Scope.TARGET);
        assertThat(outage.because()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(CallScript.millis(outage.since())).isEqualTo(1_000);
        assertThat(CallScript.millis(outage.until())).isEqualTo(6_000);
        assertThat(outage.trips()).isEqualTo(1);
        assertThat(outage.binding()).isFalse();
    }

    @Test
    void aTrialIsReportedWithTheEndOfItsLease() {
        CallScript call = overloadedAt(0);
        assertThat(call.at(5_000).report("a/m").outage().orElseThrow().state()).isEqualTo(Availability.State.READY);

        call.at(6_000).begin();
        OpenCircuit onTrial = call.at(6_500).report("a/m").outage().orElseThrow();
        assertThat(onTrial.state()).isEqualTo(Availability.State.ON_TRIAL);
        assertThat(CallScript.millis(onTrial.until())).isEqualTo(6_000 + LEASE);
        assertThat(CallScript.millis(onTrial.since())).isZero();

        call.completed(1);
        assertThat(call.report("a/m").outage()).isEmpty();
    }

    @Test
    void tripsInARowAreCountedUntilAnAnswerComes() {
        CallScript call = overloadedAt(0);
        for (int trips = 2; trips < 5; trips++) {
            call.at(trips * 10_000).begin();
            call.failed(1, FailureKind.OVERLOADED);
            assertThat(call.report("a/m").outage().orElseThrow().trips()).isEqualTo(trips);
        }
        call.at(60_000).begin();
        call.failed(1, FailureKind.RATE_LIMITED, 1_000);
        assertThat(call.report("a/m").outage().orElseThrow().trips()).isEqualTo(5);

        call.at(70_000).begin();
        call.completed(1);
        call.at(71_000).begin();
        call.failed(1, FailureKind.OVERLOADED);
        assertThat(call.report("a/m").outage().orElseThrow().trips()).isEqualTo(1);
    }

    @Test
    void aFailureThatExtendsItDoesNotChangeSinceWhen() {
        CallScript call = overloadedAt(0);
        CallScript late = call.then("a/m").with(CallScript.retries(0, Duration.ZERO));
        late.at(1_000).begin();
        late.failed(1, FailureKind.RATE_LIMITED, 20_000);

        OpenCircuit outage = late.report("a/m").outage().orElseThrow();
        assertThat(CallScript.millis(outage.since())).isZero();
        assertThat(CallScript.millis(outage.until())).isEqualTo(21_000);
        assertThat(outage.because()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(outage.binding()).isTrue();
        assertThat(outage.trips()).isEqualTo(1);
    }

    @Test
    void failuresOfCallsThatOverlapAreOneTrip() {
        CallScript one = alone();
        CallScript other = one.then("a/m").with(CallScript.retries(0, Duration.ZERO));
        one.begin();
        other.begin();
        one.failed(1, FailureKind.OVERLOADED);
        other.failed(1, FailureKind.OVERLOADED);
        assertThat(one.report("a/m").outage().orElseThrow().trips()).isEqualTo(1);
        assertThat(one.report("a/m").recent()).hasSize(2);
    }

    @Test
    void aRefusedKeyIsReportedForEveryTargetThatSharesIt() {
        Failure plainly = CallScript.failure(FailureKind.AUTH, -1).concerning(Concern.CREDENTIAL);
        CallScript call = alone();
        call.begin();
        call.failed(1, plainly);

        OpenCircuit outage = call.report("a/other").outage().orElseThrow();
        assertThat(outage.scope()).isEqualTo(Scope.CREDENTIAL);
        assertThat(outage.binding()).isFalse();
        assertThat(call.report("a/other").recent()).isEmpty();
        assertThat(call.report("b/m").outage()).isEmpty();

        CallScript second = call.then("a/second");
        second.begin();
        second.failed(1, plainly);
        assertThat(call.report("a/other").outage().orElseThrow().binding()).isTrue();
    }

    @Test
    void ofSeveralScopesTheLongestCooldownIsReported() {
        CallScript call = overloadedAt(0);
        CallScript other = call.then("a/other").with(CallScript.retries(0, Duration.ZERO));
        other.begin();
        other.failed(1, FailureKind.QUOTA);
        assertThat(call.report("a/m").outage().orElseThrow().because()).isEqualTo(FailureKind.QUOTA);
    }

    @Test
    void everyEndingOfAnAttemptIsRecorded() {
        CallScript call = CallScript.chain("a/m")
                .with(CallScript.retries(0, Duration.ZERO))
                .with(CallScript.limits(Timeouts::cancelling))
                .deadline(45_000)
                .with(CallScript.neverCooling());
        call.at(0).begin();
        call.at(10).completed(1);
        call.at(20).begin();
        call.at(30).failed(1, FailureKind.BAD_REQUEST);
        call.at(40).begin();
        call.at(50).failed(1, FailureKind.SERVER_ERROR);
        call.at(60).begin();
        call.at(70).callerLeft();
        call.at(80).begin();
        assertThat(call.untilDue()).contains("give up 504 timeout_connect");
        call.begin();
        call.at(call.now() + 46_000).due();

        assertThat(call.report("a/m").recent())
                .extracting(PastAttempt::outcome)
                .containsExactly("deadline", "timeout_connect", "cancelled", "server_error", "bad_request", "ok");
    }

    @Test
    void theShareOfSuccessesIsTheOneOnWhichBreakersTrip() {
        CallScript call = alone().with(CallScript.cooldown(100, Duration.ofSeconds(5), Duration.ofSeconds(5)));
        call.begin();
        call.failed(1, FailureKind.SERVER_ERROR);
        assertThat(call.report("a/m").successRate()).isCloseTo(0.95, within(1e-9));
        call.begin();
        call.completed(1);
        assertThat(call.report("a/m").successRate()).isCloseTo(0.9525, within(1e-9));
    }
}
