package dev.understudy.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.understudy.client.chain.FallbackChain;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.FallbackResult;
import dev.understudy.client.chain.FallbackState;
import dev.understudy.client.chain.TargetHealth;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A chat model over others: the first one answers, and when it fails, stalls or returns a blank answer, the next one does.
 *
 * <pre>{@code
 * ChatModel model = FallbackChatModel.builder()
 *         .model(openAi)
 *         .model(anthropic)
 *         .build();
 * }</pre>
 *
 * <p>Each model uses its own defaults; a request's model name goes to the first model only ({@code modelName}), and parameters
 * of a provider's own class only to models of that provider. Responses are {@link FallbackChatResponse}s, which have the trail
 * of the call. When no model can answer, the exception is the one that the models would have thrown alone, and carries a {@link
 * FallbackException} ({@link FallbackException#in}).
 *
 * <p>Let the chain be the only one that retries: build the models with {@code maxRetries(0)}.
 */
public final class FallbackChatModel implements ChatModel, AutoCloseable {
    private final FallbackChain<ChatRequest, ChatResponse> chain;
    private final List<ChatModelListener> listeners;
    private final Set<Capability> capabilities;

    private FallbackChatModel(Builder builder) {
        FallbackChain.Builder<ChatRequest, ChatResponse> targets = builder.applyTo(FallbackChain.builder());
        for (ModelChainBuilder.Named<ChatModel> named : builder.models()) {
            boolean isFirst = named.equals(builder.models().getFirst());
            ChatModel model = named.model();
            targets.target(
                    named.name(),
                    request ->
                            model.chat(RequestRemapping.forModel(request, isFirst, model.defaultRequestParameters())),
                    named.options());
        }
        this.chain = targets.build();
        this.listeners = builder.chatListeners();
        this.capabilities = builder.capabilities(ChatModel::supportedCapabilities);
    }

    /** The models in the order in which they are tried, with every default. */
    public static FallbackChatModel of(ChatModel... models) {
        return builder().models(List.of(models)).build();
    }

    /** A chain without models, to be completed. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        try {
            return new FallbackChatResponse(chain.call(request));
        } catch (FallbackException failed) {
            throw LangChain4jFailures.forCaller(failed);
        }
    }

    /** Cancelling the future ends the requests to all models. */
    @Override
    public CompletableFuture<ChatResponse> doChatAsync(ChatRequest request) {
        CompletableFuture<FallbackResult<ChatResponse>> call = chain.callAsync(request);
        CompletableFuture<ChatResponse> response = call.handle((result, thrown) -> switch (thrown) {
            case null -> new FallbackChatResponse(result);
            case FallbackException failed -> throw new CompletionException(LangChain4jFailures.forCaller(failed));
            default -> throw new CompletionException(thrown);
        });
        var unused = response.whenComplete((result, thrown) -> {
            if (response.isCancelled()) {
                call.cancel(true);
            }
        });
        return response;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    /** What all models support, unless the builder was told otherwise. */
    @Override
    public Set<Capability> supportedCapabilities() {
        return capabilities;
    }

    /** The names of the models, in order. */
    public List<String> targets() {
        return chain.targets();
    }

    /** How the models are, in order. */
    public List<TargetHealth> health() {
        return chain.health();
    }

    /** What the calls know together. */
    public FallbackState state() {
        return chain.state();
    }

    /** Ends the use of this model: new calls are refused. The models of the chain stay open. */
    @Override
    public void close() {
        chain.close();
    }

    /** Makes a fallback model. Each method checks its arguments. */
    public static final class Builder extends ModelChainBuilder<ChatModel, Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        @Override
        String nameOf(ChatModel model, List<String> taken) {
            return ModelNames.of(model, model.provider(), model.defaultRequestParameters(), taken);
        }

        /**
         * Makes the model.
         *
         * @throws IllegalStateException if it has no models
         */
        public FallbackChatModel build() {
            return new FallbackChatModel(this);
        }
    }
}
