package dev.understudy.spring;

import dev.understudy.client.chain.AttemptSink;
import dev.understudy.client.chain.FailureClassifier;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import io.micrometer.common.KeyValues;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;

/** A model as a target of the chains: sends it the prompt in its own options, and observes the attempt. */
final class ModelTarget {
    private final ChainModel model;
    private final int index;
    private final TargetPrompts prompts;
    private final FailureClassifier classifier;
    private final ObservationRegistry observations;
    private final AtomicBoolean namesFinishReasons = new AtomicBoolean();

    ModelTarget(
            ChainModel model,
            int index,
            TargetPrompts prompts,
            FailureClassifier classifier,
            ObservationRegistry observations) {
        this.model = model;
        this.index = index;
        this.prompts = prompts;
        this.classifier = classifier;
        this.observations = observations;
    }

    String name() {
        return model.name();
    }

    @SuppressWarnings("try") // scopes are opened and closed, and not named in between
    ModelAnswer call(ModelCall call) {
        try (ContextSnapshot.Scope threadLocals = call.threadLocals().setThreadLocals()) {
            Prompt prompt = prompt(call);
            AttemptObservation observation =
                    new AttemptObservation(Observation.createNotStarted(UnderstudyObservations.ATTEMPT, observations));
            try (Observation.Scope scope = observation.observation.openScope()) {
                ModelAnswer answer = ModelAnswer.whole(model.chatModel().call(prompt), prompt.getOptions());
                observation.end(answer.outcome());
                return answer;
            } catch (RuntimeException | Error failed) {
                observation.fail(failed);
                throw failed;
            }
        }
    }

    @SuppressWarnings("try")
    void stream(ModelCall call, AttemptSink<ChatResponse, ModelAnswer> sink) {
        try (ContextSnapshot.Scope threadLocals = call.threadLocals().setThreadLocals()) {
            Prompt prompt = prompt(call);
            AttemptObservation observation =
                    new AttemptObservation(Observation.createNotStarted(UnderstudyObservations.ATTEMPT, observations));
            Context context =
                    Context.of(call.context()).put(ObservationThreadLocalAccessor.KEY, observation.observation);
            try (Observation.Scope scope = observation.observation.openScope()) {
                Flux.defer(() -> model.chatModel().stream(prompt))
                        .doOnComplete(() -> observation.end("ok"))
                        .doOnError(observation::fail)
                        .doOnCancel(() -> observation.end(FailureKind.CANCELLED.wireName()))
                        .subscribe(new ModelStream(sink, context, prompt.getOptions(), namesFinishReasons));
            }
        }
    }

    private Prompt prompt(ModelCall call) {
        return prompts.prompt(index, call.prompt())
                .orElseThrow(() -> new UnsupportedOperationException("the options of " + model.name()
                        + " have no place for the tools or the schema of the output that the prompt has"));
    }

    private final class AttemptObservation {
        private final Observation observation;

        AttemptObservation(Observation observation) {
            this.observation = observation;
            observation.lowCardinalityKeyValues(KeyValues.of(
                    UnderstudyObservations.TARGET, model.name(), UnderstudyObservations.OUTCOME, "unknown"));
            observation.start();
        }

        void fail(Throwable thrown) {
            observation.error(thrown);
            end(isInterrupted(thrown) ? FailureKind.CANCELLED.wireName() : outcome(thrown));
        }

        private static boolean isInterrupted(Throwable thrown) {
            return Thread.currentThread().isInterrupted() || thrown.getCause() instanceof InterruptedException;
        }

        private String outcome(Throwable thrown) {
            return classifier
                    .classify(thrown)
                    .map(Failure::kind)
                    .map(FailureKind::wireName)
                    .orElse("error");
        }

        void end(String outcome) {
            observation.lowCardinalityKeyValue(UnderstudyObservations.OUTCOME, outcome);
            observation.stop();
        }
    }
}
