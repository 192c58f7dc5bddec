package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.engine.Availability;
import dev.understudy.engine.HealthRegistry;
import dev.understudy.engine.HealthReport;
import dev.understudy.store.HealthChange;
import dev.understudy.store.HealthHistory;
import dev.understudy.store.Store;
import dev.understudy.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records when targets of the configuration are skipped, and serves that as the history of their health.
 *
 * <p>It looks each second, on a thread of its own, so that calls pay nothing and a store that stalls stalls this thread alone. What ends
 * within a second may not be seen. Callers may name targets without end; those are not recorded.
 */
public final class HealthSampler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthSampler.class);
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_WAITING = 1_000;
    private static final long MOST_HOURS = 30 * 24;
    private static final long USUAL_HOURS = 24;
    private static final String READY = "ready";
    private static final String COOLING = "cooling";

    private final Optional<Store> store;
    private final String whyNoStore;
    private final Supplier<Map<String, String>> skipped;
    private final Map<String, String> known = new LinkedHashMap<>();
    private final List<HealthChange> waiting = new ArrayList<>();
    private volatile boolean closed;
    private Optional<Thread> thread = Optional.empty();

    /**
     * @param whyNoStore what to tell people if there is none
     * @param skipped the targets that are skipped now, with the reasons; see {@link #skipped(Catalog, HealthRegistry)}
     */
    public HealthSampler(Optional<Store> store, String whyNoStore, Supplier<Map<String, String>> skipped) {
        this.store = store;
        this.whyNoStore = whyNoStore;
        this.skipped = skipped;
    }

    /** The targets of a configuration that are skipped now, whichever of their keys is used, with the reasons. */
    public static Map<String, String> skipped(Catalog catalog, HealthRegistry health) {
        long now = System.nanoTime();
        Map<String, Optional<String>> reasons = new LinkedHashMap<>();
        for (String model : catalog.models()) {
            catalog.resolve(model).forEach(route -> {
                HealthReport report = health.report(route.target(), now);
                Optional<String> reason = report.state() == Availability.State.READY
                        ? Optional.empty()
                        : report.outage().map(open -> open.because().wireName());
                reasons.merge(
                        route.target().name(),
                        reason,
                        (one, other) -> one.isEmpty() || other.isEmpty() ? Optional.empty() : one);
            });
        }
        Map<String, String> skipped = new LinkedHashMap<>();
        reasons.forEach((target, reason) -> reason.ifPresent(why -> skipped.put(target, why)));
        return skipped;
    }

    /** Starts the thread, if there is a store. */
    public void start() {
        if (store.isPresent()) {
            waiting.add(HealthChange.started(Instant.now()));
            Thread started = Thread.ofPlatform().name("health-history").daemon().unstarted(this::run);
            thread = Optional.of(started);
            started.start();
        }
    }

    private void run() {
        while (!closed) {
            try {
                sample(Instant.now());
                write();
            } catch (RuntimeException fault) {
                LOG.error("the history of health has a gap", fault);
            }
            LockSupport.parkNanos(this, PERIOD);
        }
    }

    /** Compares what is skipped now with what was. */
    void sample(Instant now) {
        Map<String, String> found = skipped.get();
        for (String target : List.copyOf(known.keySet())) {
            if (!found.containsKey(target)) {
                known.remove(target);
                add(new HealthChange(now, target, READY, ""));
            }
        }
        found.forEach((target, reason) -> {
            if (!reason.equals(known.put(target, reason))) {
                add(new HealthChange(now, target, COOLING, reason));
            }
        });
    }

    /** While the store is away the oldest are lost, and what is kept ends in the state that is. */
    private void add(HealthChange change) {
        if (waiting.size() >= MOST_WAITING) {
            waiting.removeFirst();
        }
        waiting.add(change);
    }

    private void write() {
        if (waiting.isEmpty() || store.isEmpty()) {
            return;
        }
        try {
            store.get().health().add(waiting);
            waiting.clear();
        } catch (StoreUnavailable later) {
            LOG.debug("the history of health is not written yet: {}", later.getMessage());
        }
    }

    /** Its operations, for {@link AdminApi#and}. */
    public List<AdminApi.Operation> operations() {
        return List.of(AdminApi.operation("GET", "/health/history", this::history));
    }

    private AdminResponse history(AdminRequest request) throws AdminError, StoreUnavailable {
        long hours = request.number("hours", 1, MOST_HOURS).orElse(USUAL_HOURS);
        HealthHistory history =
                store.orElseThrow(() -> AdminError.storeUnavailable(whyNoStore)).health();
        Instant now = Instant.now();
        Instant since = now.minus(Duration.ofHours(hours));
        return AdminResponse.of(document(history.since(since), since, now));
    }

    /** The times in which targets were skipped. */
    static ObjectNode document(List<HealthChange> changes, Instant since, Instant now) {
        Map<String, List<ObjectNode>> times = new TreeMap<>();
        Map<String, ObjectNode> open = new LinkedHashMap<>();
        for (HealthChange change : changes) {
            String at = (change.at().isBefore(since) ? since : change.at()).toString();
            if (change.target().isEmpty()) {
                open.values().forEach(time -> time.put("until", at));
                open.clear();
                continue;
            }
            ObjectNode before = open.remove(change.target());
            if (before != null) {
                before.put("until", at);
            }
            if (change.state().equals(COOLING)) {
                ObjectNode time = JsonNodeFactory.instance.objectNode();
                time.put("from", at).putNull("until").put("reason", change.reason());
                times.computeIfAbsent(change.target(), target -> new ArrayList<>())
                        .add(time);
                open.put(change.target(), time);
            }
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("since", since.toString());
        json.put("now", now.toString());
        ArrayNode targets = json.putArray("targets");
        times.forEach((target, all) -> {
            ArrayNode skips = JsonNodeFactory.instance.arrayNode();
            all.stream()
                    // What ended before the time that is shown was cut to nothing.
                    .filter(time -> !time.path("from").equals(time.path("until")))
                    .forEach(skips::add);
            if (!skips.isEmpty()) {
                targets.addObject().put("target", target).set("skipped", skips);
            }
        });
        return json;
    }

    /** Ends the thread; one that waits for the store is left alone. */
    @Override
    public void close() {
        closed = true;
        thread.ifPresent(LockSupport::unpark);
    }
}
