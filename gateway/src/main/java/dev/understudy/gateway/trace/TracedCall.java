package dev.understudy.gateway.trace;

import dev.understudy.calls.record.CallTrace;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The ids of a call's spans, and the times at which its attempts were committed. */
final class TracedCall implements CallTrace {
    private final SpanContext parent;
    private final SpanContext call;
    private final String operation;
    private final boolean propagate;
    private final List<SpanContext> attempts = new ArrayList<>(2);
    private final List<Commit> commits = new ArrayList<>(1);

    /** @param after nanoseconds from the call's arrival */
    record Commit(int attempt, long after) {}

    /**
     * @param parent the caller's span; invalid if there is none
     * @param operation the name of what the call does, {@code chat} for instance
     * @param propagate whether upstream requests carry the trace context
     */
    TracedCall(SpanContext parent, SpanContext call, String operation, boolean propagate) {
        this.parent = parent;
        this.call = call;
        this.operation = operation;
        this.propagate = propagate;
    }

    @Override
    public String traceId() {
        return call.getTraceId();
    }

    @Override
    public String spanId() {
        return call.getSpanId();
    }

    @Override
    public Map<String, String> upstreamHeaders(int attempt) {
        if (!propagate) {
            return Map.of();
        }
        Map<String, String> headers = new HashMap<>(2);
        W3CTraceContextPropagator.getInstance()
                .inject(Context.root().with(Span.wrap(attempt(attempt))), headers, (to, name, value) -> {
                    if (to != null) {
                        to.put(name, value);
                    }
                });
        return headers;
    }

    @Override
    public void committed(int attempt, long after) {
        commits.add(new Commit(attempt, after));
    }

    /** Whether its spans are recorded. */
    boolean isSampled() {
        return call.isSampled();
    }

    SpanContext parent() {
        return parent;
    }

    SpanContext call() {
        return call;
    }

    String operation() {
        return operation;
    }

    /** The span of an attempt. Attempts that send nothing have one too. */
    SpanContext attempt(int number) {
        while (attempts.size() < number) {
            attempts.add(SpanContext.create(
                    call.getTraceId(),
                    IdGenerator.random().generateSpanId(),
                    call.getTraceFlags(),
                    call.getTraceState()));
        }
        return attempts.get(number - 1);
    }

    List<Commit> commits() {
        return commits;
    }
}
