package dev.understudy.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.FallbackException;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.retry.TransientAiException;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

@Timeout(60)
class ObservationsTest {
    private static final Prompt PROMPT = new Prompt("Hello");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ObservationRegistry observations = ObservationRegistry.create();
    private final Map<String, String> parents = new ConcurrentHashMap<>();

    @BeforeEach
    void observe() {
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        observations.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStart(Observation.Context context) {
                if (context.getParentObservation() != null) {
                    parents.put(
                            context.getName(),
                            context.getParentObservation().getContextView().getName());
                }
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
    }

    private FallbackChatModel over(FakeModel... models) {
        FallbackChatModel.Builder builder = FallbackChatModel.builder()
                .settings(CallSettings.builder().retries(0).build())
                .observationRegistry(observations);
        for (int index = 0; index < models.length; index++) {
            builder.model("model-" + (index + 1), models[index]);
        }
        return builder.build();
    }

    private Timer call(String target, String outcome, boolean fallback, boolean stream) {
        return meters.find(UnderstudyObservations.CALL)
                .tag(UnderstudyObservations.TARGET, target)
                .tag(UnderstudyObservations.OUTCOME, outcome)
                .tag(UnderstudyObservations.FALLBACK, String.valueOf(fallback))
                .tag(UnderstudyObservations.STREAM, String.valueOf(stream))
                .timer();
    }

    private Timer attempt(String target, String outcome) {
        return meters.find(UnderstudyObservations.ATTEMPT)
                .tag(UnderstudyObservations.TARGET, target)
                .tag(UnderstudyObservations.OUTCOME, outcome)
                .timer();
    }

    @Test
    void callsAndAttemptsAreTimers() {
        over(FakeModel.failing(new TransientAiException("HTTP 429 - ")), FakeModel.answering("Hi."))
                .call(PROMPT);

        assertThat(call("model-2", "ok", true, false).count()).isEqualTo(1);
        assertThat(attempt("model-1", "rate_limited").count()).isEqualTo(1);
        assertThat(attempt("model-2", "ok").count()).isEqualTo(1);
    }

    @Test
    void aFailedCallHasTheKindOfItsFailure() {
        FallbackChatModel model = over(FakeModel.failing(new TransientAiException("HTTP 500 - ")));

        assertThatThrownBy(() -> model.call(PROMPT)).isInstanceOf(FallbackException.class);
        assertThat(call("none", "server_error", false, false).count()).isEqualTo(1);
    }

    @Test
    void streamsAreObservedToTheirEnd() {
        over(
                        FakeModel.streaming(Flux.error(new TransientAiException("HTTP 500 - "))),
                        FakeModel.streaming(Flux.just(FakeModel.part("Hi."), FakeModel.response(""))))
                .stream(PROMPT)
                .blockLast();

        Waiting.until(() -> call("model-2", "ok", true, true) != null);
        Waiting.until(() -> attempt("model-1", "server_error") != null && attempt("model-2", "ok") != null);
    }

    @Test
    void aStreamWhoseSubscriberLeftIsCancelled() {
        FakeModel silent = FakeModel.silent();
        Disposable subscription = over(silent).stream(PROMPT).subscribe();
        Waiting.until(() -> !silent.prompts.isEmpty());

        subscription.dispose();

        Waiting.until(() -> call("none", "cancelled", false, true) != null);
        Waiting.until(() -> attempt("model-1", "cancelled") != null);
    }

    @Test
    void attemptsAreBelowTheCallAndTheCallIsBelowTheApplications() {
        AtomicReference<String> inModel = new AtomicReference<>();
        FakeModel model = FakeModel.answeringWith(prompt -> {
            inModel.set(observations.getCurrentObservation().getContextView().getName());
            return FakeModel.response("Hi.");
        });

        Observation.createNotStarted("request", observations)
                .observe(() -> over(model).call(PROMPT));

        assertThat(parents)
                .containsEntry(UnderstudyObservations.CALL, "request")
                .containsEntry(UnderstudyObservations.ATTEMPT, UnderstudyObservations.CALL);
        assertThat(inModel).hasValue(UnderstudyObservations.ATTEMPT);
    }

    @Test
    void theSameHoldsForStreams() {
        FakeModel model = FakeModel.streaming(Flux.just(FakeModel.response("Hi.")));

        Observation.createNotStarted("request", observations)
                .observe(() -> over(model).stream(PROMPT).blockLast());

        assertThat(parents)
                .containsEntry(UnderstudyObservations.CALL, "request")
                .containsEntry(UnderstudyObservations.ATTEMPT, UnderstudyObservations.CALL);
    }
}
