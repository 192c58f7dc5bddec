package dev.understudy.engine;

import dev.understudy.engine.Disposition.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What all calls together know about the health of credentials, targets and providers.
 *
 * <p>A scope that never failed has no entry, so a healthy system pays one look at an empty map, and one note of each
 * attempt for the health page. Safe for use by many threads; the time is an argument, as everywhere in the engine.
 *
 * <p>The design follows Finagle's failure accrual (consecutive failures, growing cooldowns, revival by one live
 * request), with the provider's own hints on top.
 */
public final class HealthRegistry {
    private static final Scope[] SCOPES = Scope.values();

    /** Callers may name models freely; beyond this number the least recently used ones are forgotten. */
    private static final int MOST_SCOPES = 10_000;
    /** Callers may bring any number of keys. Their health is kept apart, so that it evicts no other. */
    private static final int MOST_SCOPES_OF_CALLERS_KEYS = 2_000;

    /** A hint about the account is honoured for at most this long: a trial finds out about a new payment or a new day. */
    private static final long LONGEST_ACCOUNT_HINT = TimeUnit.HOURS.toNanos(1);

    private final BoundedCache<CircuitId, CircuitBreaker> circuits = new BoundedCache<>(MOST_SCOPES);
    private final BoundedCache<CircuitId, CircuitBreaker> circuitsOfCallersKeys =
            new BoundedCache<>(MOST_SCOPES_OF_CALLERS_KEYS);
    private final RecentAttempts recent = new RecentAttempts();
    private final RecentAttempts recentWithCallersKeys = new RecentAttempts();

    private BoundedCache<CircuitId, CircuitBreaker> circuits(Target target) {
        return target.callersKey() ? circuitsOfCallersKeys : circuits;
    }

    private RecentAttempts recent(Target target) {
        return target.callersKey() ? recentWithCallersKeys : recent;
    }

    private Optional<CircuitBreaker> known(Scope scope, Target target) {
        return circuits(target).get(CircuitId.of(scope, target));
    }

    private CircuitBreaker circuit(Scope scope, Target target) {
        return circuits(target).computeIfAbsent(CircuitId.of(scope, target), absent -> new CircuitBreaker());
    }

    /** The circuits of a target that are known, always in the order of the scopes; none while nothing has failed. */
    private List<CircuitBreaker> known(Target target) {
        if (circuits(target).isEmpty()) {
            return List.of();
        }
        List<CircuitBreaker> known = new ArrayList<>(SCOPES.length);
        for (Scope scope : SCOPES) {
            known(scope, target).ifPresent(known::add);
        }
        return known;
    }

    /** Whether a target may be tried: the worst state of its credential's circuit, its own and its provider's. */
    public Availability availability(Target target, long now) {
        return worst(known(target), now);
    }

    private static Availability worst(List<CircuitBreaker> circuits, long now) {
        Availability worst = Availability.READY;
        for (CircuitBreaker circuit : circuits) {
            worst = Availability.worse(worst, circuit.availability(now));
        }
        return worst;
    }

    /**
     * The same for a call that begins an attempt at this target now if it is ready. Where a circuit is half open, the call has then
     * claimed the trial, and other calls find the target {@linkplain Availability.State#ON_TRIAL on trial}: between a look and a
     * beginning apart from it, several threads would each start a trial.
     */
    Availability claim(Target target, long now) {
        // In the order of the scopes, so that of two calls to one target the first claims all of its trials.
        List<CircuitBreaker> circuits = known(target);
        Availability seen = worst(circuits, now);
        if (!seen.isReady()) {
            return seen;
        }
        for (int i = 0; i < circuits.size(); i++) {
            Availability claimed = circuits.get(i).claim(now);
            if (!claimed.isReady()) {
                circuits.subList(0, i).forEach(circuit -> circuit.released(now));
                return claimed;
            }
        }
        return seen;
    }

    /**
     * How long ago the last circuit of a target closed, in nanoseconds; empty if none was ever open, or one is open now. A circuit that
     * the operator closes counts as one that was never open.
     */
    OptionalLong recoveredFor(Target target, long now) {
        return known(target).stream()
                .flatMapToLong(circuit -> circuit.closedFor(now).stream())
                .min();
    }

    /** The health of a target for the health page; takes no part in any decision. */
    public HealthReport report(Target target, long now) {
        Optional<OpenCircuit> worst = Optional.empty();
        double successRate = 1;
        for (Scope scope : SCOPES) {
            Optional<CircuitBreaker> circuit = known(scope, target);
            if (circuit.isPresent()) {
                worst = Stream.of(worst, circuit.get().outage(scope, now))
                        .flatMap(Optional::stream)
                        .reduce(OpenCircuit::worse);
                successRate = Math.min(successRate, circuit.get().successRate());
            }
        }
        return new HealthReport(worst, successRate, recent(target).of(target, now));
    }

    /** The targets at which attempts have ended, up to a few hundred; if there are more, those that were tried last. */
    public Set<Target> triedTargets() {
        Set<Target> all = new HashSet<>(recent.targets());
        all.addAll(recentWithCallersKeys.targets());
        return all;
    }

    /** Closes all circuits and forgets what opened them. */
    public void reset() {
        circuits.clear();
        circuitsOfCallersKeys.clear();
    }

    /**
     * Closes the circuits of a target, whichever the key: its own, those of its keys and of its provider.
     *
     * @param name {@code provider/model}
     * @return whether anything was known of it
     */
    public boolean reset(String name) {
        boolean known = false;
        for (Target target : triedTargets()) {
            if (target.name().equals(name)) {
                known = true;
                for (Scope scope : SCOPES) {
                    circuits(target).remove(CircuitId.of(scope, target));
                }
            }
        }
        return known;
    }

    /**
     * Closes the circuits of accounts that have changed: what failed with an old key or at an old address says nothing about
     * the new one. Circuits of callers' own keys stay.
     *
     * @param credentials the opaque names of the accounts' keys
     * @param sites where the accounts are reached
     */
    public void reset(Set<String> credentials, Set<String> sites) {
        circuits.removeIf(key -> switch (key.scope()) {
            case PROVIDER -> sites.contains(key.name());
            case CREDENTIAL, TARGET -> credentials.contains(key.credential());
        });
    }

    /**
     * An attempt begins. Every attempt that began must be reported by exactly one of {@link #succeeded}, {@link #released}
     * and {@link #failed}.
     *
     * @return whether it is the trial of a circuit that is half open
     */
    boolean begin(Target target, long now) {
        boolean trial = false;
        for (CircuitBreaker circuit : known(target)) {
            trial |= circuit.begin(now);
        }
        return trial;
    }

    /** An attempt brings its first content. */
    void broughtContent(Target target, long startedAt, long now) {
        known(target).forEach(circuit -> circuit.broughtContent(startedAt, now));
    }

    /** An attempt has shown no sign of life for longer than such calls usually take. Called once for each attempt, which continues. */
    void stayedSilent(Target target) {
        circuit(Scope.TARGET, target).stayedSilent();
    }

    /**
     * Whether the last attempts at a target all stayed silent for longer than usual, and none was answered in between: it does not answer
     * at all, as far as is known.
     */
    boolean seemsSilent(Target target) {
        return !circuits(target).isEmpty()
                && known(Scope.TARGET, target).map(CircuitBreaker::seemsSilent).orElse(false);
    }

    /** An attempt that began at {@code startedAt} brought an answer. */
    void succeeded(Target target, long startedAt, long now) {
        recent(target).answered(target, startedAt, now);
        known(target).forEach(circuit -> circuit.succeeded(startedAt, now));
    }

    /** An attempt failed, or was cancelled, in a way that says nothing about the target's health. */
    void released(Target target, FailureKind kind, long startedAt, long now) {
        recent(target).failed(target, kind, startedAt, now);
        known(target).forEach(circuit -> circuit.released(startedAt));
    }

    /**
     * An attempt failed in a way that may concern other calls.
     *
     * @param concern whom it concerns; usually the failure's own
     * @param caller an opaque name of the caller; empty if unknown
     */
    void failed(
            Target target,
            Failure failure,
            Concern concern,
            String caller,
            CooldownPolicy policy,
            long startedAt,
            long now,
            RandomGenerator random) {
        FailureKind kind = failure.kind();
        Scope scope = concern == Concern.PROVIDER ? Scope.PROVIDER : Scope.TARGET;
        switch (kind.disposition().effect()) {
            case NONE, QUALITY -> {}
            case COUNTS_ACROSS_CALLERS ->
                circuit(Scope.TARGET, target).forbidden(caller, kind, policy, startedAt, now, random);
            case COUNTS, COOLS -> {
                if (concern != Concern.REQUEST) {
                    CircuitBreaker circuit = circuit(scope, target);
                    // A hint of no length asks for nothing.
                    long hint = Math.min(
                            failure.retryAfter().orElse(0), policy.hintCap().toNanos());
                    if (hint > 0) {
                        circuit.tripFor(hint, CircuitBreaker.Basis.HINT, kind, startedAt, now);
                    } else if (kind.disposition().effect() == Disposition.Effect.COUNTS) {
                        circuit.counted(kind, policy, startedAt, now, random);
                    } else {
                        circuit.trip(kind, policy, startedAt, now, random);
                    }
                }
            }
            case COOLS_LONG -> refused(target, failure, concern, policy, startedAt, now);
        }
        if (failure.status() > 0) {
            // A provider that answers with a status can be reached, so the circuit of its connections closes.
            known(Scope.PROVIDER, target).ifPresent(reached -> reached.succeeded(startedAt, now));
        }
        released(target, kind, startedAt, now);
    }

    /** A key was refused, or has no money left: this model is left alone, and all models of the key if that is certain. */
    private void refused(
            Target target, Failure failure, Concern concern, CooldownPolicy policy, long startedAt, long now) {
        if (concern == Concern.REQUEST) {
            return;
        }
        long hint = failure.retryAfter().orElse(0);
        long cap = concern == Concern.TARGET ? policy.hintCap().toNanos() : LONGEST_ACCOUNT_HINT;
        long duration = Math.max(Math.min(hint, cap), policy.credential().toNanos());
        circuit(Scope.TARGET, target).tripFor(duration, CircuitBreaker.Basis.REFUSAL, failure.kind(), startedAt, now);
        if (concern != Concern.TARGET) {
            boolean plainly = concern == Concern.CREDENTIAL;
            circuit(Scope.CREDENTIAL, target).refused(target.name(), plainly, failure.kind(), duration, startedAt, now);
        }
    }

    /** Each circuit that replicas share: all but those of callers' own keys. */
    void eachShared(BiConsumer<CircuitId, CircuitBreaker> action) {
        circuits.forEach(action);
    }

    /** A circuit that replicas share, if anything is known of it. */
    Optional<CircuitBreaker> shared(CircuitId circuit) {
        return circuits.get(circuit);
    }

    /** Another replica's circuit has opened; see {@link HealthExchange}. */
    void openedElsewhere(CircuitNews.Opened news, long now) {
        boolean contradicted = wasAnsweredSince(news.circuit(), now - news.age(), now);
        circuits.computeIfAbsent(news.circuit(), absent -> new CircuitBreaker())
                .openedElsewhere(news, contradicted, now);
    }

    /** Another replica's circuit has closed, for an attempt that began {@code age} nanoseconds ago. */
    void closedElsewhere(CircuitId circuit, long age, long now) {
        circuits.get(circuit).ifPresent(known -> known.closedElsewhere(age, now));
    }

    /** Whether an attempt that concerns a circuit and began after a time was answered. */
    private boolean wasAnsweredSince(CircuitId circuit, long time, long now) {
        return recent.targets().stream()
                .filter(circuit::concerns)
                .flatMap(target -> recent.of(target, now).stream())
                .anyMatch(attempt -> attempt.failure().isEmpty() && attempt.endedAt() - attempt.duration() - time > 0);
    }
}
