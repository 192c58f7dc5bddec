package dev.understudy.gateway.metrics;

import dev.understudy.engine.TrailEntry;
import dev.understudy.gateway.call.FinishedCall;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Counters and timers of calls and attempts.
 *
 * <p>Meters are looked up once and kept, because building their names anew costs more than all the rest of the counting.
 * Names that callers make up do not become labels: a target that the configuration does not mention is counted under its
 * provider alone.
 */
public final class CallMetrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Set<String> knownTargets;
    private final Set<String> knownProviders;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ConcurrentHashMap<CallKey, Timer> calls = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<AttemptKey, Timer> attempts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Timer> firstContent = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<TokenKey, Counter> tokens = new ConcurrentHashMap<>();
    private final HedgeAndRecoveryMetrics secondAttempts = new HedgeAndRecoveryMetrics(registry);

    private record CallKey(FinishedCall.Ending ending, int status, boolean streaming) {}

    private record AttemptKey(String target, String outcome) {}

    private record TokenKey(String target, String kind) {}

    /**
     * @param knownTargets the targets that may stand in labels
     * @param knownProviders the providers that may stand there for their other targets
     */
    public CallMetrics(Set<String> knownTargets, Set<String> knownProviders) {
        this.knownTargets = Set.copyOf(knownTargets);
        this.knownProviders = Set.copyOf(knownProviders);
        Gauge.builder("understudy.calls.in.flight", inFlight, AtomicInteger::get)
                .description("calls at work now")
                .register(registry);
    }

    /** Adds a value that somebody else keeps. */
    public <T> void watch(String name, String description, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(description).register(registry);
    }

    /** A call arrives. Returns how many are at work, this one included. */
    public int began() {
        return inFlight.incrementAndGet();
    }

    /** A call that began is over, or was turned away. */
    public void ended() {
        inFlight.decrementAndGet();
    }

    /** Counts what became of a call. */
    public void count(FinishedCall call) {
        calls.computeIfAbsent(new CallKey(call.ending(), call.status(), call.streaming()), this::callTimer)
                .record(call.duration(), TimeUnit.NANOSECONDS);
        for (TrailEntry entry : call.trail()) {
            attempts.computeIfAbsent(new AttemptKey(label(entry.target()), entry.outcome()), this::attemptTimer)
                    .record(entry.duration(), TimeUnit.NANOSECONDS);
        }
        secondAttempts.count(call);
        String target = label(call.answeredBy());
        call.firstContent()
                .ifPresent(nanos -> firstContent
                        .computeIfAbsent(target, this::firstContentTimer)
                        .record(nanos, TimeUnit.NANOSECONDS));
        call.promptTokens().ifPresent(count -> tokens(target, "prompt").increment((double) count));
        call.completionTokens().ifPresent(count -> tokens(target, "completion").increment((double) count));
    }

    /** Everything, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    private String label(String target) {
        if (knownTargets.contains(target) || target.isEmpty()) {
            return target;
        }
        int slash = target.indexOf('/');
        String provider = slash < 0 ? "" : target.substring(0, slash);
        return knownProviders.contains(provider) ? provider + "/*" : "other";
    }

    private Timer callTimer(CallKey key) {
        return Timer.builder("understudy.calls")
                .description("calls by how they ended")
                .tag("ending", key.ending().wireName())
                .tag("status", Integer.toString(key.status()))
                .tag("stream", Boolean.toString(key.streaming()))
                .register(registry);
    }

    private Timer attemptTimer(AttemptKey key) {
        return Timer.builder("understudy.attempts")
                .description("attempts by target and outcome; passed-over targets take no time")
                .tag("target", key.target())
                .tag("outcome", key.outcome())
                .register(registry);
    }

    private Timer firstContentTimer(String target) {
        return Timer.builder("understudy.first.content")
                .description("from a streamed call's arrival to its first content")
                .tag("target", target)
                .register(registry);
    }

    private Counter tokens(String target, String kind) {
        return tokens.computeIfAbsent(
                new TokenKey(target, kind),
                key -> Counter.builder("understudy.tokens")
                        .description("tokens as the providers counted them")
                        .tag("target", target)
                        .tag("kind", kind)
                        .register(registry));
    }
}
