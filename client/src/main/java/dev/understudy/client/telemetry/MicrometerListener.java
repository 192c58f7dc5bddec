package dev.understudy.client.telemetry;

import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.ChainListener;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts and times calls with Micrometer, under the names that the Spring Boot starter uses:
 *
 * <ul>
 *   <li>timer {@code understudy.call}, with the tags {@code understudy.target} (which answered, or {@code none}), {@code
 *       understudy.outcome} ({@code ok}, {@code cancelled} or a failure kind) and {@code understudy.fallback} (whether another target
 *       than the first answered)
 *   <li>timer {@code understudy.attempt}, with {@code understudy.target} and {@code understudy.outcome}
 *   <li>counter {@code understudy.circuit.opened}, with {@code understudy.target} and {@code understudy.outcome}, the failure kind
 * </ul>
 *
 * <pre>{@code
 * Understudy.builder().listener(new MicrometerListener(registry))…
 * }</pre>
 *
 * <p>The names of targets may come from users: after the first thousand, all others are counted as {@code other}.
 */
public final class MicrometerListener implements ChainListener {
    private static final String TARGET = "understudy.target";
    private static final String OUTCOME = "understudy.outcome";
    private static final String NONE = "none";
    private static final int MOST_TARGETS = 1_000;

    private final MeterRegistry registry;
    private final Set<String> targets = ConcurrentHashMap.newKeySet();

    /** @param registry receives the meters */
    public MicrometerListener(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void attemptEnded(TrailEntry attempt) {
        registry.timer("understudy.attempt", tags(attempt.target(), attempt.outcome()))
                .record(Duration.ofNanos(attempt.duration()));
    }

    @Override
    public void circuitOpened(String target, FailureKind because, Duration cooldown) {
        registry.counter("understudy.circuit.opened", tags(target, because.wireName()))
                .increment();
    }

    @Override
    public void callAnswered(String target, CallTrail trail, Duration duration) {
        boolean isFallback = trail.entries().stream()
                .findFirst()
                .map(first -> !first.target().equals(target))
                .orElse(false);
        called(target, "ok", isFallback, duration);
    }

    @Override
    public void callFailed(FailureKind kind, CallTrail trail, Duration duration) {
        called(NONE, kind.wireName(), false, duration);
    }

    private void called(String target, String outcome, boolean isFallback, Duration duration) {
        registry.timer(
                        "understudy.call",
                        tags(target, outcome).and("understudy.fallback", Boolean.toString(isFallback)))
                .record(duration);
    }

    private Tags tags(String target, String outcome) {
        return Tags.of(TARGET, bounded(target), OUTCOME, outcome);
    }

    private String bounded(String target) {
        if (targets.contains(target)) {
            return target;
        }
        if (targets.size() >= MOST_TARGETS) {
            return "other";
        }
        targets.add(target);
        return target;
    }
}
