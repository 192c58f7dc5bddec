package dev.understudy.gateway;

import dev.understudy.calls.upstream.AnswerMemory;
import dev.understudy.gateway.connection.ConnectionLimits;
import dev.understudy.gateway.contents.ContentsLog;
import dev.understudy.gateway.drill.Drills;
import dev.understudy.gateway.http.BodyMemory;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.replicas.Replicas;
import dev.understudy.gateway.trace.Tracing;
import dev.understudy.store.Store;

/** The metrics that are read from parts of the gateway when they are scraped. Their names are stable. */
final class Gauges {
    private final CallMetrics metrics;

    Gauges(CallMetrics metrics) {
        this.metrics = metrics;
    }

    void watch(AccessLog log) {
        metrics.watch(
                "understudy.log.dropped",
                "access log lines dropped because the queue was full",
                log,
                AccessLog::dropped);
    }

    void watch(Store store) {
        metrics.watch(
                "understudy.store.dropped",
                "records of calls dropped because the store was full, slow or unavailable",
                store,
                each -> each.calls().dropped());
    }

    void watch(Tracing tracing) {
        metrics.watch(
                "understudy.traces.dropped",
                "calls whose spans were dropped because the receiver was slow, unavailable or refused them",
                tracing,
                Tracing::dropped);
        metrics.watch("understudy.traces.sent", "calls whose spans the receiver accepted", tracing, Tracing::sent);
    }

    void watch(ContentsLog contents) {
        metrics.watch(
                "understudy.store.contents.dropped",
                "contents of calls that were not kept because there was no room, or the store was slow or unavailable",
                contents,
                ContentsLog::dropped);
    }

    void watch(Drills drills) {
        metrics.watch("understudy.drills.running", "drills that run now", drills, Drills::running);
    }

    void watch(Replicas replicas) {
        metrics.watch(
                "understudy.replicas.connected",
                "1 if Valkey can be reached, else 0",
                replicas,
                each -> each.status().connected() ? 1 : 0);
        metrics.watch(
                "understudy.replicas.known",
                "gateways that share, with this one, as far as is known",
                replicas,
                each -> each.status().replicas());
        metrics.watch(
                "understudy.replicas.lag.seconds",
                "how long the last news took through Valkey and back; 0 before the first",
                replicas,
                each -> each.status().lagMillis().orElse(0) / 1_000.0);
        metrics.watch(
                "understudy.replicas.dropped",
                "pieces of news that could not be sent to other replicas, or not be used",
                replicas,
                each -> each.status().dropped());
    }

    void watch(AnswerMemory answers) {
        metrics.watch(
                "understudy.answers.bytes",
                "memory that answers take, of server.answer-memory",
                answers,
                AnswerMemory::used);
    }

    void watch(BodyMemory bodies) {
        metrics.watch(
                "understudy.bodies.bytes",
                "memory that request bodies take, of server.body-memory",
                bodies,
                BodyMemory::used);
    }

    void watch(ConnectionLimits limits) {
        metrics.watch(
                "understudy.connections.limit",
                "how many connections of callers there may be; server.max-connections, or fewer where few open files are permitted",
                limits,
                ConnectionLimits::most);
        metrics.watch(
                "understudy.connections.refused",
                "connections refused because of server.max-connections or server.max-connections-per-address",
                limits,
                ConnectionLimits::refused);
    }
}
