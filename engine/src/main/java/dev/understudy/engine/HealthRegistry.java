package dev.understudy.engine;

import dev.understudy.engine.Disposition.Scope;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What all calls together know about the health of credentials, targets and providers.
 *
 * <p>A scope that never failed has no entry, so a healthy system pays one look at an empty map, and one note of each
 * attempt that people may read. Safe for use by many threads; told the time, like everything here.
 *
 * <p>The design follows Finagle's failure accrual (consecutive failures, growing cooldowns, revival by one live
 * request), with the provider's own hints on top.
 */
public final class HealthRegistry {
    /** Callers may name models freely, so what failed once is not remembered without end. */
    private static final int MOST_SCOPES = 10_000;

    private final ConcurrentHashMap<Key, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private final RecentAttempts recent = new RecentAttempts();

    private record Key(Scope scope, String owner, String model) {
        static Key of(Scope scope, Target target) {
            return switch (scope) {
                case PROVIDER -> new Key(scope, target.site(), "");
                case CREDENTIAL -> new Key(scope, target.credential(), "");
                case TARGET -> new Key(scope, target.credential(), target.name());
            };
        }
    }

    /** Whether a target may be asked: the worst that its credential, itself and its provider say. */
    public Availability availability(Target target, long now) {
        if (breakers.isEmpty()) {
            return Availability.READY;
        }
        Availability worst = Availability.READY;
        for (Scope scope : Scope.values()) {
            CircuitBreaker breaker = breakers.get(Key.of(scope, target));
            if (breaker != null) {
                worst = Availability.worse(worst, breaker.availability(now));
            }
        }
        return worst;
    }

    /** How a target is, for people; takes no part in any decision. */
    public HealthReport report(Target target, long now) {
        Optional<OpenCircuit> worst = Optional.empty();
        double successRate = 1;
        for (Scope scope : Scope.values()) {
            CircuitBreaker breaker = breakers.get(Key.of(scope, target));
            if (breaker != null) {
                worst = Stream.of(worst, breaker.outage(scope, now))
                        .flatMap(Optional::stream)
                        .reduce(OpenCircuit::worse);
                successRate = Math.min(successRate, breaker.successRate());
            }
        }
        return new HealthReport(worst, successRate, recent.of(target, now));
    }

    /** The targets at which attempts have ended, up to a few hundred; if there are more, those that were asked last. */
    public Set<Target> asked() {
        return recent.targets();
    }

    /** An attempt begins. Every attempt that began must be reported by exactly one of the methods below. */
    void begin(Target target, long now) {
        eachKnown(target, breaker -> breaker.begin(now));
    }

    /** An attempt that began at {@code startedAt} brought an answer. */
    void succeeded(Target target, long startedAt, long now) {
        recent.answered(target, startedAt, now);
        eachKnown(target, breaker -> breaker.succeeded(startedAt));
    }

    /** An attempt failed, or was called off, in a way that says nothing about the target's health. */
    void released(Target target, FailureKind kind, long startedAt, long now) {
        recent.failed(target, kind, startedAt, now);
        eachKnown(target, breaker -> breaker.released(startedAt));
    }

    /**
     * An attempt failed in a way that may concern other calls.
     *
     * @param scope whose health is concerned, usually the kind's own
     */
    void failed(
            Target target,
            Failure failure,
            Scope scope,
            CooldownPolicy policy,
            long startedAt,
            long now,
            RandomGenerator random) {
        FailureKind kind = failure.kind();
        switch (kind.disposition().effect()) {
            case NONE, QUALITY, COUNTS_ACROSS_CALLERS -> {}
            case COUNTS -> breaker(scope, target, now).counted(kind, policy, startedAt, now, random);
            case COOLS -> {
                CircuitBreaker breaker = breaker(scope, target, now);
                failure.retryAfter()
                        .ifPresentOrElse(
                                hint -> breaker.tripFor(kind, hint, startedAt, now),
                                () -> breaker.trip(kind, policy, startedAt, now, random));
            }
            case COOLS_LONG -> {
                long hint = failure.retryAfter().orElse(0);
                long duration = Math.max(hint, policy.credential().toNanos());
                breaker(scope, target, now).tripFor(kind, duration, startedAt, now);
            }
        }
        if (failure.status() > 0) {
            // Whoever answers with a status can be reached: a connection breaker has nothing left to wait for.
            CircuitBreaker reached = breakers.get(Key.of(Scope.PROVIDER, target));
            if (reached != null) {
                reached.succeeded(startedAt);
            }
        }
        released(target, kind, startedAt, now);
    }

    private void eachKnown(Target target, Consumer<CircuitBreaker> action) {
        if (breakers.isEmpty()) {
            return;
        }
        for (Scope scope : Scope.values()) {
            CircuitBreaker breaker = breakers.get(Key.of(scope, target));
            if (breaker != null) {
                action.accept(breaker);
            }
        }
    }

    private CircuitBreaker breaker(Scope scope, Target target, long now) {
        Key key = Key.of(scope, target);
        CircuitBreaker known = breakers.get(key);
        if (known != null) {
            return known;
        }
        if (breakers.size() >= MOST_SCOPES) {
            breakers.values().removeIf(breaker -> breaker.isAtRest(now));
        }
        return breakers.size() < MOST_SCOPES
                ? breakers.computeIfAbsent(key, absent -> new CircuitBreaker())
                : new CircuitBreaker();
    }
}
