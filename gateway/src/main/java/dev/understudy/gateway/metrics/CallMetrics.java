package dev.understudy.gateway.metrics;

import dev.understudy.calls.record.FinishedCall;
import dev.understudy.engine.TrailEntry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Counters and timers of calls and attempts.
 *
 * <p>Meters are looked up once and kept, because building their names for every call costs more than the counting itself.
 * The maps need no bound: names that callers invent do not become labels, since a target that the configuration does not
 * mention is counted under its provider, so the keys are those of the configuration and a few constants.
 */
public final class CallMetrics {
    private static final double PICODOLLARS = 1e12;

    /** The upper bounds of the histograms' buckets: few, since each is a time series for each of the labels' values. */
    private static final Duration[] BUCKETS = Stream.of(
                    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000, 60_000, 180_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private volatile Names names = Names.NONE;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ConcurrentHashMap<CallKey, Timer> calls = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<AttemptKey, Timer> attempts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Timer> firstContent = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<TokenKey, Counter> tokens = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Counter> costs = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Counter> rejections = new ConcurrentHashMap<>();
    private final HedgeAndRecoveryMetrics secondAttempts = new HedgeAndRecoveryMetrics(registry);

    /**
     * The names that may be labels.
     *
     * @param providers stand in labels for their other targets
     */
    private record Names(Set<String> targets, Set<String> providers) {
        static final Names NONE = new Names(Set.of(), Set.of());
    }

    private record CallKey(FinishedCall.Ending ending, int status, boolean streaming) {}

    private record AttemptKey(String target, String outcome) {}

    private record TokenKey(String target, String kind) {}

    /**
     * @param knownTargets the targets that may be labels
     * @param knownProviders the providers that stand in labels for their other targets
     */
    public CallMetrics(Set<String> knownTargets, Set<String> knownProviders) {
        know(knownTargets, knownProviders);
        Gauge.builder("understudy.calls.in.flight", inFlight, AtomicInteger::get)
                .description("calls that are running now")
                .register(registry);
    }

    /**
     * Lets further targets and providers be labels, after the configuration has changed. Earlier ones stay: their meters do,
     * and calls to them may still be running.
     */
    public synchronized void know(Set<String> targets, Set<String> providers) {
        names = new Names(union(names.targets(), targets), union(names.providers(), providers));
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new HashSet<>(one);
        all.addAll(other);
        return Set.copyOf(all);
    }

    /** Adds a gauge that reads a value from another component. */
    public <T> void watch(String name, String description, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(description).register(registry);
    }

    /** A call begins. Returns how many calls are running, including this one. */
    public int began() {
        return inFlight.incrementAndGet();
    }

    /** A call that began has ended, or was rejected. */
    public void ended() {
        inFlight.decrementAndGet();
    }

    /**
     * Counts a call that was rejected because of a limit of its key.
     *
     * @param limit the error's code, one of a few
     */
    public void rejected(String limit) {
        rejections.computeIfAbsent(limit, this::rejectionCounter).increment();
    }

    private Counter rejectionCounter(String limit) {
        return Counter.builder("understudy.key.rejections")
                .description("calls rejected because of a limit of their key")
                .tag("limit", limit)
                .register(registry);
    }

    /** Counts a call that has ended. */
    public void count(FinishedCall call) {
        FinishedCall.Outcome outcome = call.outcome();
        FinishedCall.Measurements measurements = call.measurements();
        calls.computeIfAbsent(
                        new CallKey(
                                outcome.ending(),
                                outcome.status(),
                                call.request().streaming()),
                        this::callTimer)
                .record(measurements.duration(), TimeUnit.NANOSECONDS);
        for (TrailEntry entry : outcome.trail()) {
            attempts.computeIfAbsent(new AttemptKey(label(entry.target()), entry.outcome()), this::attemptTimer)
                    .record(entry.duration(), TimeUnit.NANOSECONDS);
        }
        secondAttempts.count(outcome);
        String target = label(outcome.answeredBy());
        measurements
                .firstContent()
                .ifPresent(nanos -> firstContent
                        .computeIfAbsent(target, this::firstContentTimer)
                        .record(nanos, TimeUnit.NANOSECONDS));
        measurements
                .usage()
                .promptTokens()
                .ifPresent(count -> tokens(target, "prompt").increment((double) count));
        measurements
                .usage()
                .completionTokens()
                .ifPresent(count -> tokens(target, "completion").increment((double) count));
        measurements
                .cost()
                .ifPresent(picodollars ->
                        costs.computeIfAbsent(target, this::costCounter).increment(picodollars / PICODOLLARS));
    }

    /** Everything, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    private String label(String target) {
        Names known = names;
        if (known.targets().contains(target) || target.isEmpty()) {
            return target;
        }
        int slash = target.indexOf('/');
        String provider = slash < 0 ? "" : target.substring(0, slash);
        return known.providers().contains(provider) ? provider + "/*" : "other";
    }

    private Timer callTimer(CallKey key) {
        return Timer.builder("understudy.calls")
                .description("calls by how they ended")
                .serviceLevelObjectives(BUCKETS)
                .tag("ending", key.ending().wireName())
                .tag("status", Integer.toString(key.status()))
                .tag("stream", Boolean.toString(key.streaming()))
                .register(registry);
    }

    private Timer attemptTimer(AttemptKey key) {
        return Timer.builder("understudy.attempts")
                .description("attempts by target and outcome; skipped targets take no time")
                .tag("target", key.target())
                .tag("outcome", key.outcome())
                .register(registry);
    }

    private Counter costCounter(String target) {
        return Counter.builder("understudy.cost.dollars")
                .description("US dollars for tokens as the providers counted them, by the prices that are known")
                .tag("target", target)
                .register(registry);
    }

    private Timer firstContentTimer(String target) {
        return Timer.builder("understudy.first.content")
                .description("from a streamed call's arrival to its first content")
                .serviceLevelObjectives(BUCKETS)
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
