package dev.understudy.engine;

import java.util.random.RandomGenerator;

/**
 * Records what the attempts of one call mean for all calls: the health of their targets, what is left for retries, and the times
 * that the targets take. Every attempt that began is reported once, whichever way it ends, else a trial would keep others out.
 */
final class OutcomeRecorder {
    /** A sign of life excuses lateness up to this many times the time that the target usually needs. */
    private static final int EXCUSED = 3;

    private final SharedState shared;
    private final Plan plan;
    private final long promptBytes;
    private final RandomGenerator random;

    OutcomeRecorder(SharedState shared, Plan plan, long promptBytes, RandomGenerator random) {
        this.shared = shared;
        this.plan = plan;
        this.promptBytes = promptBytes;
        this.random = random;
    }

    /** @return whether the attempt is the trial of a circuit that is half open */
    boolean begun(Step step, long now) {
        shared.load().began(step.target());
        return shared.health().begin(step.target(), now);
    }

    void firstContentCame(Attempt attempt, long now) {
        shared.health().broughtContent(attempt.step.target(), attempt.startedAt, now);
        if (plan.streaming()) {
            learnTime(attempt, now);
        }
    }

    void answered(Attempt attempt, long now) {
        shared.load().ended(attempt.step.target());
        if (!plan.streaming()) {
            learnTime(attempt, now);
        }
        shared.health().succeeded(attempt.step.target(), attempt.startedAt, now);
        shared.retries().succeeded(attempt.step.target());
    }

    /** The caller left, or its own limit on time ran out: that says nothing about a target. */
    void abandoned(Attempt attempt, long now) {
        shared.load().ended(attempt.step.target());
        shared.health().released(attempt.step.target(), FailureKind.CANCELLED, attempt.startedAt, now);
    }

    /** An attempt is late. Where nothing at all came, and for longer than usual, it is noted: several in a row are an outage. */
    void late(Attempt attempt, long now) {
        if (attempt.turnsUnusuallySilent(now)) {
            shared.health().stayedSilent(attempt.step.target());
        }
    }

    /**
     * Another attempt was faster. That is no failure in itself; but an attempt that was late and showed no sign of life, or
     * was very late, counts as one that timed out.
     */
    void lostTheRace(Attempt attempt, long now) {
        if (attempt.contentSince().isEmpty() && attempt.elapsed(now) >= usualTime(attempt)) {
            // Less than the usual time says nothing: it was the other attempt that was fast, or the caller in a hurry.
            learnTime(attempt, now);
        }
        Target target = attempt.step.target();
        if (isLateWithoutExcuse(attempt, now)) {
            shared.load().ended(target);
            Failure late = attempt.lateness(now);
            tellHealth(attempt, late, late.concern(), now);
            shared.retries().failed(target);
        } else {
            abandoned(attempt, now);
        }
    }

    private boolean isLateWithoutExcuse(Attempt attempt, long now) {
        if (attempt.lateAt().isEmpty()) {
            return false;
        }
        if (attempt.isUnusuallySilent() && shared.health().seemsSilent(attempt.step.target())) {
            // It lost long before the usual time was over, but so did the attempts before it, and none was answered.
            return true;
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
        return !isExcused(attempt, now);
    }

    /** A provider that shows signs of life is at work; that it takes long is a failure only where it takes very long. */
    private boolean isExcused(Attempt attempt, long now) {
        return attempt.contentSince().isEmpty()
                && attempt.showedLife()
                && attempt.elapsed(now) < EXCUSED * usualTime(attempt);
    }

    /** How long such calls take at most, as far as is known, in nanoseconds. */
    private long usualTime(Attempt attempt) {
        return shared.latency()
                .p95(attempt.step.target(), workload(attempt), promptBytes)
                .orElse(attempt.usualSilence());
    }

    private LatencyProfile.Workload workload(Attempt attempt) {
        return new LatencyProfile.Workload(plan.streaming(), attempt.step.reasons());
    }

    void failed(Attempt attempt, Failure failure, long now) {
        FailureKind kind = failure.kind();
        Target target = attempt.step.target();
        shared.load().ended(target);
        if (kind.isTimeout()) {
            boolean hadItsTime = attempt.hadItsUsualTime(kind, now);
            if (hadItsTime && attempt.contentSince().isEmpty()) {
                learnTime(attempt, now);
            }
            if (!hadItsTime || isExcused(attempt, now)) {
                shared.health().released(target, kind, attempt.startedAt, now);
                return;
            }
        }
        // Who closes a connection that was made can be reached: it is this model that is in trouble.
        boolean reached =
                kind == FailureKind.CONNECTION && failure.concern() == Concern.PROVIDER && attempt.wasConnected();
        tellHealth(attempt, failure, reached ? Concern.TARGET : failure.concern(), now);
        if (failure.isTransient()) {
            shared.retries().failed(target);
        }
    }

    private void tellHealth(Attempt attempt, Failure failure, Concern concern, long now) {
        shared.health()
                .failed(
                        attempt.step.target(),
                        failure,
                        concern,
                        plan.caller(),
                        attempt.step.cooldown(),
                        attempt.startedAt,
                        now,
                        random);
    }

    /** Of an attempt that brought nothing the time for which it was waited is a lower bound, and taken as a sample. */
    private void learnTime(Attempt attempt, long now) {
        shared.latency().learn(attempt.step.target(), workload(attempt), promptBytes, attempt.elapsed(now));
    }
}
