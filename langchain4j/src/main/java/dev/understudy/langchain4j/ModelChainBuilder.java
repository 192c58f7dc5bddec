package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.understudy.client.chain.AnswerValidator;
import dev.understudy.client.chain.CallSettings;
import dev.understudy.client.chain.ChainBuilder;
import dev.understudy.client.chain.ChainListener;
import dev.understudy.client.chain.FailureClassifier;
import dev.understudy.client.chain.FallbackState;
import dev.understudy.client.chain.TargetOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The settings that both kinds of fallback models have.
 *
 * @param <M> the kind of the models
 * @param <B> the builder itself
 */
public abstract sealed class ModelChainBuilder<M, B extends ModelChainBuilder<M, B>>
        permits FallbackChatModel.Builder, FallbackStreamingChatModel.Builder {
    private final List<Named<M>> models = new ArrayList<>();
    private final List<ChatModelListener> chatListeners = new ArrayList<>();
    private final List<ChainListener> chainListeners = new ArrayList<>();
    private CallSettings settings = CallSettings.ofDefaults();
    private FailureClassifier classifier = LangChain4jFailures::classify;
    private Optional<AnswerValidator<ChatRequest, ChatResponse>> validator = Optional.empty();
    private Optional<FallbackState> state = Optional.empty();
    private Optional<Executor> executor = Optional.empty();
    private Optional<Set<Capability>> capabilities = Optional.empty();

    record Named<M>(String name, M model, TargetOptions options) {}

    ModelChainBuilder() {}

    abstract B self();

    abstract String nameOf(M model, List<String> taken);

    private static <T> T notNull(T value, String name) {
        if (Objects.isNull(value)) {
            throw new IllegalArgumentException(name + " is null; pass a value or leave the call out");
        }
        return value;
    }

    /** Adds a model behind the others, under the name of its provider and its model. */
    public B model(M model) {
        notNull(model, "model");
        return model(nameOf(model, models.stream().map(Named::name).toList()), model);
    }

    /** Adds a model behind the others, under a name of one's own. */
    public B model(String name, M model) {
        return model(name, model, TargetOptions.DEFAULT);
    }

    /** Adds a model behind the others, with options of its own. */
    public B model(String name, M model, TargetOptions options) {
        models.add(new Named<>(notNull(name, "name"), notNull(model, "model"), notNull(options, "options")));
        return self();
    }

    /** Adds models behind the others, in order. */
    public B models(List<? extends M> all) {
        if (notNull(all, "models").isEmpty()) {
            throw new IllegalArgumentException("models is empty; pass at least one model");
        }
        all.forEach(this::model);
        return self();
    }

    /** Deadlines, late marks, retries, cooldowns; see {@link CallSettings}. */
    public B settings(CallSettings how) {
        settings = notNull(how, "settings");
        return self();
    }

    /** What exceptions of the models mean, before those of LangChain4j and of the JDK are classified. */
    public B classifier(FailureClassifier ofExceptions) {
        classifier = notNull(ofExceptions, "classifier").or(LangChain4jFailures::classify);
        return self();
    }

    /** Which responses are good enough; see {@link ChainBuilder#validator}. */
    public B validator(AnswerValidator<ChatRequest, ChatResponse> check) {
        validator = Optional.of(notNull(check, "validator"));
        return self();
    }

    /** LangChain4j's listeners of this model. Those of the models of the chain are told of each attempt. */
    public B listeners(List<ChatModelListener> ofTheModel) {
        chatListeners.addAll(notNull(ofTheModel, "listeners"));
        return self();
    }

    /** Adds a listener that is told of attempts, fallbacks and circuits. */
    public B chainListener(ChainListener listener) {
        chainListeners.add(notNull(listener, "chainListener"));
        return self();
    }

    /** Shares health and budgets with other chains, such as one for streams beside one for whole answers. */
    public B state(FallbackState shared) {
        state = Optional.of(notNull(shared, "state"));
        return self();
    }

    /** Where the models are called; see {@link ChainBuilder#executor}. */
    public B executor(Executor threads) {
        executor = Optional.of(notNull(threads, "executor"));
        return self();
    }

    /** What callers may rely on; by default what all models support. */
    public B supportedCapabilities(Set<Capability> supported) {
        capabilities = Optional.of(Set.copyOf(notNull(supported, "supportedCapabilities")));
        return self();
    }

    List<Named<M>> models() {
        return models;
    }

    List<ChatModelListener> chatListeners() {
        return List.copyOf(chatListeners);
    }

    Set<Capability> capabilities(Function<M, Set<Capability>> ofModel) {
        return capabilities.orElseGet(() -> {
            Set<Capability> common =
                    new HashSet<>(ofModel.apply(models.getFirst().model()));
            models.forEach(named -> common.retainAll(ofModel.apply(named.model())));
            return Set.copyOf(common);
        });
    }

    <C extends ChainBuilder<?, ChatRequest, ChatResponse, C>> C applyTo(C chain) {
        if (models.isEmpty()) {
            throw new IllegalStateException("there are no models; add at least one with model(model)");
        }
        chain.settings(settings)
                .classifier(classifier)
                .blankFor(ChatAnswers::isBlank)
                .filtered(ChatAnswers::isFiltered)
                .requestSize(ChatAnswers::size);
        validator.ifPresent(chain::validator);
        state.ifPresent(chain::state);
        executor.ifPresent(chain::executor);
        chainListeners.forEach(chain::listener);
        return chain;
    }
}
