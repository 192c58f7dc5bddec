package dev.understudy.engine;

import java.util.random.RandomGenerator;

/**
 * What the attempts of one call teach all calls: the health of their targets, what is left for retries, and the times that
 * the targets take. Every attempt that began is reported once, whichever way it ends, else a trial would keep others out.
 */
final class OutcomeRecorder {
    private final Shared shared;
    private final boolean streaming;
    private final long promptBytes;
    private final RandomGenerator random;

    OutcomeRecorder(Shared shared, boolean streaming, long promptBytes, RandomGenerator random) {
        this.shared = shared;
        this.streaming = streaming;
        this.promptBytes = promptBytes;
        this.random = random;
    }

    void begun(Attempt attempt, long now) {
        shared.health().begin(attempt.step.target(), now);
    }

    void firstContentCame(Attempt attempt, long now) {
        if (streaming) {
            learnTime(attempt, now);
        }
    }

    void answered(Attempt attempt, long now) {
        if (!streaming) {
            learnTime(attempt, now);
        }
        shared.health().succeeded(attempt.step.target(), attempt.startedAt, now);
        shared.retries().succeeded(attempt.step.target().site());
    }

    void cancelled(Attempt attempt, long now) {
        shared.health().released(attempt.step.target(), FailureKind.CANCELLED, attempt.startedAt, now);
        if (attempt.contentSince().isEmpty()) {
            learnTime(attempt, now);
        }
    }

    void failed(Attempt attempt, Failure failure, long now) {
        FailureKind kind = failure.kind();
        Target target = attempt.step.target();
        if (kind.isTimeout() && attempt.contentSince().isEmpty()) {
            learnTime(attempt, now);
        }
        if (kind.isTimeout() && !attempt.hadItsUsualTime(kind, now)) {
            shared.health().released(target, kind, attempt.startedAt, now);
            return;
        }
        // Who closes a connection that was made can be reached: it is this model that is in trouble.
        boolean reached = kind == FailureKind.CONNECTION && attempt.wasConnected();
        Disposition.Scope scope = reached
                ? Disposition.Scope.TARGET
                : switch (failure.concern()) {
                    case PROVIDER -> Disposition.Scope.PROVIDER;
                    case CREDENTIAL, CREDENTIAL_SUSPECTED -> Disposition.Scope.CREDENTIAL;
                    case TARGET, REQUEST -> Disposition.Scope.TARGET;
                };
        shared.health().failed(target, failure, scope, attempt.step.cooldown(), attempt.startedAt, now, random);
        switch (kind.disposition().effect()) {
            case COUNTS, COOLS, COOLS_LONG -> shared.retries().failed(target.site());
            case NONE, QUALITY, COUNTS_ACROSS_CALLERS -> {}
        }
    }

    /** Of an attempt that brought nothing the time for which it was waited is a lower bound, and taken as a sample. */
    private void learnTime(Attempt attempt, long now) {
        shared.latency().learn(attempt.step.target(), streaming, promptBytes, now - attempt.startedAt);
    }
}
