package dev.understudy.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.engine.Availability;
import dev.understudy.engine.HealthReport;
import dev.understudy.engine.OpenCircuit;
import dev.understudy.engine.PastAttempt;
import dev.understudy.engine.SharedState;
import dev.understudy.engine.Target;
import dev.understudy.engine.UsualTime;
import dev.understudy.gateway.replicas.ReplicaStatus;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Every target's state, its cause and the outcomes of its last attempts; {@code docs/health.md} explains it.
 *
 * <p>Shows the targets of the configuration, in its order, and then those that callers named and that were tried. Keys
 * are not shown, nor anything made of them.
 */
final class HealthPage {
    private final Catalog catalog;
    private final SharedState shared;
    private final Supplier<Optional<ReplicaStatus>> replicas;

    /** @param replicas empty for a gateway that shares nothing */
    HealthPage(Catalog catalog, SharedState shared, Supplier<Optional<ReplicaStatus>> replicas) {
        this.catalog = catalog;
        this.shared = shared;
        this.replicas = replicas;
    }

    /** The page as it is now. */
    String json() {
        Set<Target> configured = configured();
        List<Target> named = named(configured);
        Clocks clocks = Clocks.read();
        return JsonPage.text(json -> {
            json.writeStartObject();
            json.writeStringField("now", clocks.text(clocks.nanos()));
            Optional<ReplicaStatus> status = replicas.get();
            if (status.isPresent()) {
                write(json, status.get());
            }
            json.writeArrayFieldStart("targets");
            for (Target target : configured) {
                write(json, target, true, clocks);
            }
            for (Target target : named) {
                write(json, target, false, clocks);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, ReplicaStatus status) throws IOException {
        json.writeObjectFieldStart("replicas");
        json.writeBooleanField("connected", status.connected());
        json.writeNumberField("known", status.replicas());
        if (status.lagMillis().isPresent()) {
            json.writeNumberField("lag_ms", status.lagMillis().getAsLong());
        }
        json.writeNumberField("dropped", status.dropped());
        json.writeEndObject();
    }

    /** The engine's clock and the world's, read together, so that all times of a page fit one another. */
    private record Clocks(long nanos, Instant today) {
        static Clocks read() {
            return new Clocks(System.nanoTime(), Instant.now());
        }

        /** RFC 3339, in UTC. */
        String text(long time) {
            return today.plusNanos(time - nanos).truncatedTo(ChronoUnit.MILLIS).toString();
        }

        long millisSince(long time) {
            return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos - time));
        }
    }

    private Set<Target> configured() {
        Set<Target> targets = new LinkedHashSet<>();
        for (String name : catalog.models()) {
            catalog.resolve(name).forEach(route -> targets.add(route.target()));
        }
        return targets;
    }

    private List<Target> named(Set<Target> configured) {
        List<Target> targets = new ArrayList<>(shared.health().triedTargets());
        targets.removeAll(configured);
        targets.sort(Comparator.comparing(Target::name).thenComparing(Target::credential));
        return targets;
    }

    private void write(JsonGenerator json, Target target, boolean configured, Clocks clocks) throws IOException {
        HealthReport report = shared.health().report(target, clocks.nanos());
        json.writeStartObject();
        json.writeStringField("target", target.name());
        json.writeStringField("state", wireName(report.state()));
        if (report.outage().isPresent()) {
            writeOutage(json, report.outage().get(), clocks);
        }
        json.writeBooleanField("configured", configured);
        json.writeBooleanField("callers_key", target.callersKey());
        json.writeNumberField("success_rate", Math.round(report.successRate() * 1_000) / 1_000.0);
        writeUsual(json, "first_token", shared.latency().usual(target, true));
        writeUsual(json, "answer", shared.latency().usual(target, false));
        json.writeArrayFieldStart("recent");
        for (PastAttempt attempt : report.recent()) {
            json.writeStartObject();
            json.writeStringField("outcome", attempt.outcome());
            json.writeNumberField("ago_ms", clocks.millisSince(attempt.endedAt()));
            json.writeNumberField("duration_ms", TimeUnit.NANOSECONDS.toMillis(attempt.duration()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeOutage(JsonGenerator json, OpenCircuit outage, Clocks clocks) throws IOException {
        if (outage.state() == Availability.State.READY) {
            json.writeBooleanField("trial_due", true);
        } else {
            json.writeStringField("until", clocks.text(outage.until()));
        }
        json.writeStringField("scope", wireName(outage.scope()));
        json.writeStringField("since", clocks.text(outage.since()));
        // A `reason` would read as if the target were skipped; this one is due for a trial.
        String reason = outage.state() == Availability.State.READY ? "last_reason" : "reason";
        json.writeStringField(reason, outage.because().wireName());
        json.writeNumberField("trips_in_a_row", outage.trips());
        json.writeBooleanField("binding", outage.binding());
    }

    private static void writeUsual(JsonGenerator json, String name, UsualTime usual) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("samples", usual.samples());
        if (usual.samples() > 0) {
            json.writeNumberField("p50_ms", TimeUnit.NANOSECONDS.toMillis(usual.p50()));
            json.writeNumberField("p95_ms", TimeUnit.NANOSECONDS.toMillis(usual.p95()));
        }
        json.writeEndObject();
    }

    private static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
