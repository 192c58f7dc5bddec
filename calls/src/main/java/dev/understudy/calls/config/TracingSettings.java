package dev.understudy.calls.config;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the traces of calls are sent, and of which calls.
 *
 * @param receiver the full address to which spans are posted in OTLP's protobuf; empty if calls are not traced
 * @param headers of these requests, which may contain keys
 * @param sampling of which calls spans are recorded
 * @param propagate whether upstream requests carry the trace context
 * @param resource what identifies this gateway among the services that send traces, {@code service.name} for instance
 * @param timeout of a request to the receiver
 * @param warnings about variables that were ignored, to be shown to the operator
 */
public record TracingSettings(
        Optional<URI> receiver,
        Map<String, Credential> headers,
        Sampling sampling,
        boolean propagate,
        Map<String, String> resource,
        Duration timeout,
        List<String> warnings) {

    /** No call is traced. */
    public static final TracingSettings OFF = new TracingSettings(
            Optional.empty(), Map.of(), new Sampling(1, true), true, Map.of(), Duration.ofSeconds(10), List.of());

    /**
     * Of which calls spans are recorded.
     *
     * @param share of the calls whose caller sent no trace context, from 0 to 1
     * @param asCaller whether the decision of a caller that sent a trace context is followed; if not, the share counts for all
     */
    public record Sampling(double share, boolean asCaller) {}

    public TracingSettings {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        resource = Collections.unmodifiableMap(new LinkedHashMap<>(resource));
        warnings = List.copyOf(warnings);
    }

    /** The headers as they are sent. */
    public Map<String, String> revealedHeaders() {
        Map<String, String> revealed = new LinkedHashMap<>();
        headers.forEach((name, value) -> revealed.put(name, value.reveal()));
        return revealed;
    }

    /** These settings as a running gateway has them, which traces calls as it did at its start. */
    TracingSettings boundAs(TracingSettings running) {
        return new TracingSettings(
                running.receiver,
                running.headers,
                running.sampling,
                running.propagate,
                running.resource,
                running.timeout,
                warnings);
    }

    /** The names of the settings that are in force only after a restart, and differ from those of a running gateway. */
    List<String> needingRestart(TracingSettings running) {
        return boundAs(running).equals(this) ? List.of() : List.of("tracing");
    }
}
