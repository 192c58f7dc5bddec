package dev.understudy.spring;

import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.FallbackResult;
import dev.understudy.engine.FailureKind;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The observation of one call. Ends once, whichever of the ways comes first. */
final class CallObservation {
    private final Observation observation;
    private final AtomicBoolean over = new AtomicBoolean();

    private CallObservation(Observation observation, boolean streamed) {
        this.observation = observation;
        // Metrics need the same keys every time.
        observation.lowCardinalityKeyValues(KeyValues.of(
                UnderstudyObservations.TARGET, "none",
                UnderstudyObservations.OUTCOME, "unknown",
                UnderstudyObservations.FALLBACK, "false",
                UnderstudyObservations.STREAM, String.valueOf(streamed)));
    }

    /** A child of the thread's current observation. */
    static CallObservation start(ObservationRegistry registry) {
        CallObservation started =
                new CallObservation(Observation.createNotStarted(UnderstudyObservations.CALL, registry), false);
        started.observation.start();
        return started;
    }

    /** A child of the subscriber's observation, or else of the thread's. */
    static CallObservation start(ObservationRegistry registry, ContextView subscriber) {
        Observation observation = Observation.createNotStarted(UnderstudyObservations.CALL, registry);
        @Nullable Observation parent = subscriber.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
        if (parent != null) {
            observation.parentObservation(parent);
        }
        CallObservation started = new CallObservation(observation, true);
        observation.start();
        return started;
    }

    Observation.Scope openScope() {
        return observation.openScope();
    }

    /** The context with this observation in it, to which those of attempts belong. */
    Context in(Context context) {
        return context.put(ObservationThreadLocalAccessor.KEY, observation);
    }

    void answered(FallbackResult<?> result) {
        if (over.compareAndSet(false, true)) {
            String first = result.trail().entries().getFirst().target();
            observation.lowCardinalityKeyValue(UnderstudyObservations.TARGET, result.target());
            observation.lowCardinalityKeyValue(
                    UnderstudyObservations.FALLBACK, String.valueOf(!first.equals(result.target())));
            stop("ok", result.trail());
        }
    }

    void failed(Throwable thrown) {
        if (over.compareAndSet(false, true)) {
            switch (thrown) {
                case FallbackException failed -> {
                    observation.error(failed);
                    stop(failed.kind().wireName(), failed.trail());
                }
                case CancellationException left -> stop(FailureKind.CANCELLED.wireName(), new CallTrail(List.of()));
                default -> {
                    observation.error(thrown);
                    stop("error", new CallTrail(List.of()));
                }
            }
        }
    }

    private void stop(String outcome, CallTrail trail) {
        observation.lowCardinalityKeyValue(UnderstudyObservations.OUTCOME, outcome);
        observation.highCardinalityKeyValue(UnderstudyObservations.TRAIL, trail.toString());
        observation.stop();
    }
}
