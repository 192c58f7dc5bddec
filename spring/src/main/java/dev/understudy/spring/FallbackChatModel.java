package dev.understudy.spring;

import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.ChainListener;
import dev.understudy.client.chain.FailureClassifier;
import dev.understudy.client.chain.FallbackChain;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.FallbackResult;
import dev.understudy.client.chain.FallbackState;
import dev.understudy.client.chain.StreamingCall;
import dev.understudy.client.chain.StreamingChain;
import dev.understudy.client.chain.TargetHealth;
import dev.understudy.client.chain.TargetOptions;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.Assert;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A chat model that answers with the first model of a chain that can.
 *
 * <pre>{@code
 * ChatModel model = FallbackChatModel.builder()
 *         .model("openai", openAiChatModel)
 *         .model("anthropic", anthropicChatModel)
 *         .build();
 * }</pre>
 *
 * <p>A call is never worse than a call of the first model alone: lateness cancels nothing, and starts the next model beside the
 * late one. If no model can answer, {@link FallbackException} has the trail, and as its cause the exception of a model.
 *
 * <p>Every model gets the caller's messages and tools with options of its own class; see {@link #getOptions}. A stream falls
 * back until its first content; after it, a failure ends the stream with an exception that says that the answer is truncated.
 * So a tool call reaches the caller from one model only, and is executed once. The models must leave the execution of tools to
 * their caller, as those of Spring AI do.
 *
 * <p>{@code ChatResponseMetadata} of an answer, or of the last part of a stream, has {@link #TRAIL}, {@link #TARGET} and {@link
 * #ATTEMPTS}.
 *
 * <p>Safe for use by many threads.
 */
public final class FallbackChatModel implements ChatModel, AutoCloseable {
    /** Key of the response's metadata: the call's attempts and skipped models, a {@link CallTrail}. */
    public static final String TRAIL = "understudy.trail";
    /** Key of the response's metadata: the name in the chain of the model that answered, a {@link String}. */
    public static final String TARGET = "understudy.target";
    /** Key of the response's metadata: how many requests were sent, an {@link Integer}. */
    public static final String ATTEMPTS = "understudy.attempts";

    private final List<ChainModel> models;
    private final FallbackChain<ModelCall, ModelAnswer> whole;
    private final StreamingChain<ModelCall, ChatResponse, ModelAnswer> streamed;
    private final ObservationRegistry observations;
    private final ContextSnapshotFactory snapshots =
            ContextSnapshotFactory.builder().build();

    private FallbackChatModel(Builder builder) {
        this.models = List.copyOf(builder.models);
        this.observations = builder.observations;
        FailureClassifier classifier = builder.classifier.or(new SpringAiFailures());
        FallbackState state = builder.state.orElseGet(FallbackState::create);
        FallbackChain.Builder<ModelCall, ModelAnswer> wholes = FallbackChain.<ModelCall, ModelAnswer>builder()
                .settings(builder.settings)
                .classifier(classifier)
                .state(state)
                .blank(ModelAnswer::isBlank)
                .filtered(ModelAnswer::isFiltered)
                .requestSize(ModelCall::size);
        StreamingChain.Builder<ModelCall, ChatResponse, ModelAnswer> streams =
                StreamingChain.<ModelCall, ChatResponse, ModelAnswer>builder()
                        .settings(builder.settings)
                        .classifier(classifier)
                        .state(state)
                        .blank(ModelAnswer::isBlank)
                        .filtered(ModelAnswer::isFiltered)
                        .requestSize(ModelCall::size);
        builder.listeners.forEach(wholes::listener);
        builder.listeners.forEach(streams::listener);
        TargetPrompts prompts = new TargetPrompts(models);
        for (int index = 0; index < models.size(); index++) {
            ModelTarget target = new ModelTarget(models.get(index), index, prompts, classifier, observations);
            wholes.target(target.name(), target::call, builder.options.get(index));
            streams.target(target.name(), target::stream, builder.options.get(index));
        }
        this.whole = wholes.build();
        this.streamed = streams.build();
    }

    /** A model without models, to be completed. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The options of the first model, from which {@code ChatClient} makes those of a prompt. The first model gets the prompt's
     * options unchanged. Every other model gets its own options, and of the prompt's only what all providers know (temperature,
     * top-p, top-k, penalties, maximum of tokens, stop sequences, tools, schema of the output) where they differ from these.
     */
    @Override
    public ChatOptions getOptions() {
        return models.getFirst().ownOptions();
    }

    /**
     * Calls the models until one answers.
     *
     * @throws FallbackException if none could, or this thread was interrupted
     */
    @Override
    @SuppressWarnings("try") // the scope is opened and closed, and not named in between
    public ChatResponse call(Prompt prompt) {
        Assert.notNull(prompt, "prompt must not be null");
        CallObservation observation = CallObservation.start(observations);
        try (Observation.Scope scope = observation.openScope()) {
            FallbackResult<ModelAnswer> result =
                    whole.call(new ModelCall(prompt, snapshots.captureAll(), Context.empty()));
            observation.answered(result);
            return withTrail(result.answer().response(), result);
        } catch (RuntimeException failed) {
            observation.failed(failed);
            throw failed;
        }
    }

    /**
     * Calls the models until one delivers content, for each subscription anew. The model is held back while the subscriber does
     * not keep up. Cancelling the subscription cancels the model's.
     *
     * @return ends with a {@link FallbackException} if no model could answer, or if the answer is truncated
     */
    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        Assert.notNull(prompt, "prompt must not be null");
        return Flux.deferContextual(context -> stream(prompt, context));
    }

    private Flux<ChatResponse> stream(Prompt prompt, ContextView subscriber) {
        CallObservation observation = CallObservation.start(observations, subscriber);
        ContextView context = observation.in(Context.of(subscriber));
        StreamingCall<ChatResponse, ModelAnswer> call;
        try {
            call = streamed.stream(new ModelCall(prompt, snapshots.captureAll(context), context));
        } catch (RuntimeException refused) {
            observation.failed(refused);
            throw refused;
        }
        StreamEnd end = new StreamEnd();
        return JdkFlowAdapter.flowPublisherToFlux(call)
                .concatMapIterable(end::pass, 1)
                .concatWith(Mono.fromFuture(call::result, true)
                        .doOnNext(observation::answered)
                        .flatMapIterable(result -> withTrail(end.rest(), result)))
                .doOnError(observation::failed)
                .doOnCancel(() -> observation.failed(new CancellationException("the subscriber left")));
    }

    private static List<ChatResponse> withTrail(List<ChatResponse> parts, FallbackResult<ModelAnswer> result) {
        List<ChatResponse> all = new ArrayList<>(parts);
        all.addLast(withTrail(all.removeLast(), result));
        return all;
    }

    private static ChatResponse withTrail(ChatResponse response, FallbackResult<ModelAnswer> result) {
        return ChatResponse.builder()
                .from(response)
                .metadata(TRAIL, result.trail())
                .metadata(TARGET, result.target())
                .metadata(ATTEMPTS, result.trail().attempts().size())
                .build();
    }

    /** The call's trail in the metadata of a response of this class; empty for a response of another model. */
    public static Optional<CallTrail> trail(ChatResponse response) {
        return response.getMetadata().get(TRAIL) instanceof CallTrail trail ? Optional.of(trail) : Optional.empty();
    }

    /** The models, in the order in which they are tried. */
    public List<ChainModel> models() {
        return models;
    }

    /** How the models are, in the same order. */
    public List<TargetHealth> health() {
        return whole.health();
    }

    /** Health and budgets: to look at them, to reset them, or to share them with another chain. */
    public FallbackState state() {
        return whole.state();
    }

    /** Ends the use of this model, and not that of its models: calls that run continue, new ones are refused. */
    @Override
    public void close() {
        whole.close();
        streamed.close();
    }

    /** Makes a {@link FallbackChatModel}. Each method checks its arguments. */
    public static final class Builder {
        private final List<ChainModel> models = new ArrayList<>();
        private final List<TargetOptions> options = new ArrayList<>();
        private final List<ChainListener> listeners = new ArrayList<>();
        private CallSettings settings = CallSettings.ofDefaults();
        private FailureClassifier classifier = thrown -> Optional.empty();
        private Optional<FallbackState> state = Optional.empty();
        private ObservationRegistry observations = ObservationRegistry.NOOP;

        private Builder() {}

        /** Adds a model behind the others. */
        public Builder model(String name, ChatModel chatModel) {
            return model(ChainModel.of(name, chatModel));
        }

        /** Adds a model behind the others. */
        public Builder model(ChainModel model) {
            return model(model, TargetOptions.DEFAULT);
        }

        /**
         * Adds a model behind the others, with limits of its own.
         *
         * @throws IllegalArgumentException if another one has its name
         */
        public Builder model(ChainModel model, TargetOptions limits) {
            Assert.notNull(model, "model must not be null");
            Assert.notNull(limits, "limits must not be null; use TargetOptions.DEFAULT for none");
            Assert.isTrue(
                    models.stream().noneMatch(other -> other.name().equals(model.name())),
                    () -> "two models are named \"" + model.name()
                            + "\"; give each its own name, because trails and health" + " name them");
            models.add(model);
            options.add(limits);
            return this;
        }

        /** Deadline, late marks, retries, cooldowns. */
        public Builder settings(CallSettings how) {
            Assert.notNull(how, "settings must not be null");
            settings = how;
            return this;
        }

        /** What exceptions of the models mean, before the built-in classifier of Spring's and the SDKs' exceptions. */
        public Builder classifier(FailureClassifier ofExceptions) {
            Assert.notNull(ofExceptions, "classifier must not be null");
            classifier = ofExceptions;
            return this;
        }

        /** Adds a listener. */
        public Builder listener(ChainListener listener) {
            Assert.notNull(listener, "listener must not be null");
            listeners.add(listener);
            return this;
        }

        /** Shares health and budgets with the other chains that have this state; by default a chain has its own. */
        public Builder state(FallbackState shared) {
            Assert.notNull(shared, "state must not be null");
            state = Optional.of(shared);
            return this;
        }

        /** Where calls and attempts are observed; see {@link UnderstudyObservations}. By default nowhere. */
        public Builder observationRegistry(ObservationRegistry registry) {
            Assert.notNull(registry, "observationRegistry must not be null; use ObservationRegistry.NOOP for none");
            observations = registry;
            return this;
        }

        /**
         * Makes the model.
         *
         * @throws IllegalStateException if there is none in the chain
         */
        public FallbackChatModel build() {
            Assert.state(!models.isEmpty(), "the chain has no models; add at least one with model(name, chatModel)");
            return new FallbackChatModel(this);
        }
    }
}
