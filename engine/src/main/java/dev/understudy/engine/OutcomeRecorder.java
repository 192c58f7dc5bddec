package dev.understudy.engine;

import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * What the attempts of one call teach all calls: the health of their targets, what is left for retries, and the times that
 * the targets take. Every attempt that began is reported once, whichever way it ends, else a trial would keep others out.
 */
final class OutcomeRecorder {
    /** A sign of life excuses lateness up to this many times the time that the target usually needs. */
    private static final int EXCUSED = 3;

    private final Shared shared;
    private final Plan plan;
    private final long promptBytes;
    private final RandomGenerator random;

    OutcomeRecorder(Shared shared, Plan plan, long promptBytes, RandomGenerator random) {
        this.shared = shared;
        this.plan = plan;
        this.promptBytes = promptBytes;
        this.random = random;
    }

    /** @return whether the attempt is the trial of a circuit that is half open */
    boolean begun(Step step, long now) {
        return shared.health().begin(step.target(), now);
    }

    void firstContentCame(Attempt attempt, long now) {
        shared.health().broughtContent(attempt.step.target(), attempt.startedAt);
        if (plan.streaming()) {
            learnTime(attempt, now);
        }
    }

    void answered(Attempt attempt, long now) {
        if (!plan.streaming()) {
            learnTime(attempt, now);
        }
        shared.health().succeeded(attempt.step.target(), attempt.startedAt, now);
        shared.retries().succeeded(attempt.step.target());
    }

    /** The caller left, or its own limit on time ran out: that says nothing about a target. */
    void abandoned(Attempt attempt, long now) {
        shared.health().released(attempt.step.target(), FailureKind.CANCELLED, attempt.startedAt, now);
    }

    /**
     * Another attempt was faster. That is no failure in itself; but an attempt that was late and showed no sign of life, or
     * was very late, counts as one that timed out.
     */
    void lostTheRace(Attempt attempt, long now) {
        if (attempt.contentSince().isEmpty()) {
            learnTime(attempt, now);
        }
        Target target = attempt.step.target();
        if (isLateWithoutExcuse(attempt, now)) {
            Failure late = attempt.lateness(now);
            shared.health()
                    .failed(
                            target,
                            late,
                            late.concern(),
                            plan.caller(),
                            attempt.step.cooldown(),
                            attempt.startedAt,
                            now,
                            random);
            shared.retries().failed(target);
        } else {
            abandoned(attempt, now);
        }
    }

    private boolean isLateWithoutExcuse(Attempt attempt, long now) {
        if (attempt.lateAt().isEmpty()) {
            return false;
        }
        if (attempt.contentSince().isPresent()) {
            return attempt.silence(now) >= attempt.step.usual().idle().toNanos();
        }
        if (!attempt.wasConnected()) {
            return attempt.hadItsUsualTime(FailureKind.TIMEOUT_CONNECT, now);
        }
        if (!attempt.hadItsUsualTime(FailureKind.TIMEOUT_FIRST_TOKEN, now)) {
            return false;
        }
        OptionalLong p95 = shared.latency()
                .p95(
                        attempt.step.target(),
                        new LatencyProfile.Workload(plan.streaming(), attempt.step.reasons()),
                        promptBytes);
        return !attempt.showedLife() || attempt.elapsed(now) >= EXCUSED * p95.orElse(attempt.usualSilence());
    }

    void failed(Attempt attempt, Failure failure, long now) {
        FailureKind kind = failure.kind();
        Target target = attempt.step.target();
        boolean saysNothing = kind.isTimeout() && !attempt.hadItsUsualTime(kind, now);
        if (kind.isTimeout() && !saysNothing && attempt.contentSince().isEmpty()) {
            learnTime(attempt, now);
        }
        if (saysNothing) {
            shared.health().released(target, kind, attempt.startedAt, now);
            return;
        }
        // Who closes a connection that was made can be reached: it is this model that is in trouble.
        boolean reached = kind == FailureKind.CONNECTION && attempt.wasConnected();
        Concern concern = reached ? Concern.TARGET : failure.concern();
        shared.health()
                .failed(
                        target,
                        failure,
                        concern,
                        plan.caller(),
                        attempt.step.cooldown(),
                        attempt.startedAt,
                        now,
                        random);
        if (failure.isTransient()) {
            shared.retries().failed(target);
        }
    }

    /** Of an attempt that brought nothing the time for which it was waited is a lower bound, and taken as a sample. */
    private void learnTime(Attempt attempt, long now) {
        shared.latency()
                .learn(
                        attempt.step.target(),
                        new LatencyProfile.Workload(plan.streaming(), attempt.step.reasons()),
                        promptBytes,
                        attempt.elapsed(now));
    }
}
